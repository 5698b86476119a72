#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Corrections and withdrawals between two analyses of one month: the later run counts the latest versions once,
# the earlier run is still verified as of its own ledger entry, and roll-ups that were tampered with are found.
set -u
. tests/lib/check.sh
export MAATSTAF_NOW=2026-11-21T12:00:00Z
persons() { # run: persons of the city in the month
    analyzer show "$1" --format csv --measure share-unknown-area |
        awk -F, '$4 == "month" {print $16}'
}

cluster
decided 2020-01-01 2030-01-01 &&
    "$BINDIR/maatstaf-simulate" --months 2 --stops 400 --seed 3 --last-month 2026-10 --out "$work" \
        >> "$work/log" 2>&1 && take "$work/stops.ndjson"
check "simulated_registrations_are_taken_in" || cat "$work/log" "$work/report"
analyzer run --models none --month 2026-10 > "$work/first" && first=$(sed -n 's/^run //p' "$work/first")
check "the_month_is_analysed"

# Ten stops of the month come again as version 2; three more are withdrawn.
grep '"started_at":"2026-10-1' "$work/stops.ndjson" | head -13 > "$work/chosen"
head -10 "$work/chosen" | sed 's/"tx_type":"I"/"tx_type":"U"/; s/"source_version":1/"source_version":2/;
    s/"bodycam":"[a-z_]*"/"bodycam":"not_worn"/g; s/,"bodycam_off_reason":"[a-z_]*"//g' > "$work/updates.ndjson"
tail -3 "$work/chosen" | sed 's/"tx_type":"I"/"tx_type":"W","withdrawal_reason":"registered twice"/;
    s/"source_version":1/"source_version":2/' > "$work/withdrawals.ndjson"
gone=$(tail -3 "$work/chosen" | grep -o '"role":' | wc -l)
take "$work/updates.ndjson" && grep -q 'accepted  *10$' "$work/report" && agreed "$work/withdrawals.ndjson" &&
    take "$work/withdrawals.ndjson" &&
    grep -q 'accepted  *3$' "$work/report"
check "corrections_and_withdrawals_are_taken_in" || cat "$work/report"

analyzer run --models none --month 2026-10 > "$work/second" && second=$(sed -n 's/^run //p' "$work/second")
[ "$first" != "$second" ]
check "corrections_make_another_run"
[ "$(persons "$second")" -eq $(($(persons "$first") - gone)) ]
check "a_correction_counts_once_and_a_withdrawal_not_at_all"
analyzer verify "$second" > "$work/log" 2>&1
check "roll_ups_and_registrations_agree" || cat "$work/log"
analyzer verify "$first" > "$work/log" 2>&1
check "the_earlier_run_still_verifies_as_of_its_entry" || cat "$work/log"

# Without a month: which there are, and how many persons were stopped in them.
apart analyzer run
refused "a run without a month" 2 "option --month is required"
same "it names the months there are" "2026-09 2026-10" "$(sed -n 's/^  \(20[0-9-]*\)  .*/\1/p' "$work/err" | paste -sd' ')"
same "with how many were stopped" "$(persons "$second")" "$(awk '$1 == "2026-10" { print $2 }' "$work/err")"

# A document of another program: its words differ, which is said, and is a difference all the same.
sql -c "ALTER TABLE analysis.run DISABLE TRIGGER ALL" -c "UPDATE analysis.run
     SET parameters = jsonb_set(parameters, '{build}', '\"0123456789ab\"') WHERE run_id = '$second'" > "$work/log" 2>&1
analyzer verify "$second" > "$work/log" 2>&1
check "the_same_bytes_of_another_program_verify" || cat "$work/log"
sql -c "UPDATE analysis.run SET document = convert_to(replace(convert_from(document, 'UTF8'), 'were stopped', 'got stopped'),
     'UTF8') WHERE run_id = '$second'" > "$work/log" 2>&1
apart analyzer verify "$second"
refused "a document of another program" 4 "documents differ at byte"
has "both_programs_are_named" "(build 0123456789ab), and this is" "$work/err"
has "and_that_words_may_differ" "words or figures may differ for that reason" "$work/err"
sql -c "UPDATE analysis.run SET parameters = parameters || (SELECT jsonb_build_object('build', parameters -> 'build')
     FROM analysis.run WHERE run_id = '$first') WHERE run_id = '$second'" > "$work/log" 2>&1
apart analyzer verify "$second"
refused "a document that the same program would not make" 4 "documents differ at byte"
has "that_is_said_too" "The same program made it" "$work/err"
sql -c "ALTER TABLE analysis.run ENABLE TRIGGER ALL" > "$work/log" 2>&1

# A registration and its update in one file make two batches and one roll-up; all small roll-ups become one.
sed 's/"source_record_no":"/&twice-/' "$work/chosen" | sed 's/^\(.*\)"bodycam":"[a-z_]*"/\1"bodycam":"not_worn"/' |
    head -5 | tee "$work/both.ndjson" | sed 's/"tx_type":"I"/"tx_type":"U"/; s/"source_version":1/"source_version":2/' \
    > "$work/after.ndjson"
cat "$work/after.ndjson" >> "$work/both.ndjson"
take "$work/both.ndjson"
grep -q 'accepted  *[1-9]' "$work/report"
check "registrations_and_their_updates_come_in_one_file" || cat "$work/report"
take "$work/stops.ndjson"
grep -q 'stored, batch' "$work/report" && grep -q 'accepted  *0$' "$work/report"
check "the_same_file_again_brings_nothing" || cat "$work/report"
count() { sql -c "SELECT $1" 2> /dev/null; }
[ "$(count "(SELECT sum(sums[1]) FROM analysis.roll_up_cell WHERE perspective = 0)
            - (SELECT sum(sums[1]) FROM analysis.recount((SELECT max(zone) FROM analysis.roll_up), 1000000, false)
                WHERE perspective = 0)")" = 0 ] &&
    [ "$(count "count(*) FROM audit.ledger l WHERE kind = 'batch'
                AND NOT EXISTS (SELECT FROM analysis.roll_up_batch b WHERE b.batch_id = l.batch_id)")" = 0 ]
check "every_batch_was_counted_on_the_way_in"
sql -F, -c "SELECT measure, place, group_code, period, value, p FROM analysis.figure
    WHERE run_id = '$second' ORDER BY ord" > "$work/rows" 2> "$work/log" &&
    analyzer show "$second" --format csv | awk -F, 'NR > 1 {print $1 "," $6 "," $8 "," $4 "," $12 "," $19}' |
    paste -d, - "$work/rows" | awk -F, '
        $1 != $7 || $2 != $8 || $3 != $9 || $4 != $10 || ($5 == "") != ($11 == "") || ($6 == "") != ($12 == "") ||
        $5 + 0 != $11 + 0 || $6 + 0 != $12 + 0 {bad++}
        END {exit bad > 0 || NR < 100}'
check "the_database_reads_every_figure_from_the_document" || head -5 "$work/rows" "$work/log"

analyzer run --models none --month 2026-10 > "$work/counted" && counted=$(sed -n 's/^run //p' "$work/counted") &&
    analyzer verify "$counted" > "$work/log" 2>&1
check "what_was_counted_on_the_way_in_agrees" || cat "$work/log"
sql -c "SELECT analysis.merge_roll_ups(max(zone), 1) FROM analysis.roll_up" > "$work/log" 2>&1 &&
    [ "$(count 'count(*) FROM analysis.roll_up')" = 1 ] &&
    analyzer run --models none --month 2026-10 > "$work/merged" && cmp -s "$work/counted" "$work/merged"
check "merged_roll_ups_give_the_same_run" || cat "$work/log" "$work/counted" "$work/merged"
analyzer run --models none --month 2026-10 --time-zone Asia/Tokyo > "$work/tokyo" &&
    analyzer verify "$(sed -n 's/^run //p' "$work/tokyo")" > "$work/log" 2>&1
check "another_zone_is_counted_when_it_is_asked_for" || cat "$work/log" "$work/tokyo"
stored=$(count 'max(roll_up_id) FROM analysis.roll_up')
late=$("$BINDIR/maatstaf-db" psql --home "$home" --as collector -- -At -c \
    "INSERT INTO analysis.roll_up_cell VALUES ($stored, 24321, '', '', 0, '', '{1}')" 2>&1)
case $late in *"counts are added by the transaction"*) true ;; *) false ;; esac
check "counts_cannot_be_added_to_a_stored_roll_up" || echo "$late"

third=none
sql -c "UPDATE analysis.roll_up_cell SET sums[1] = sums[1] + 1
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM analysis.roll_up_cell
                                  WHERE month = 2026 * 12 + 9 AND perspective = 0 LIMIT 1))" > "$work/log" 2>&1 &&
    analyzer run --models none --month 2026-10 > "$work/third" && third=$(sed -n 's/^run //p' "$work/third")
[ "$third" != none ]
check "a_roll_up_can_be_falsified" || cat "$work/log"
analyzer verify "$third" > "$work/log" 2>&1
[ $? -eq 4 ]
check "a_falsified_roll_up_is_found"
# Labels, settings and residents change after a run: it is verified with those of then, the next has the new ones.
analyzer run --models none --month 2026-10 --time-zone UTC > "$work/before" &&
    before=$(sed -n 's/^run //p' "$work/before")
psql() { "$BINDIR/maatstaf-db" psql --home "$home" --as loader -- -X -q -v ON_ERROR_STOP=1 "$@"; }
{ psql --csv -c "SELECT list, code, valid_from, valid_to, array_to_string(flags, '|') AS flags, label_nl,
      'another label' AS label_en FROM reference.code WHERE list = 'behaviour' ORDER BY ord" > "$work/codes.csv"
  psql --csv -c "SELECT area_set, area_code, year, class, age_band, persons + 1000 AS persons, rounded_to, source
      FROM reference.population WHERE area_set = 'den-haag' AND area_code = 'GM0518'" > "$work/population.csv"
  printf 'name,value,note\ncity_name,Elsewhere,name in headings\n' > "$work/settings.csv"
  for kind in codes population settings; do
      db load "$kind" "$work/$kind.csv" || exit 1
  done; } > "$work/log" 2>&1
check "labels_residents_and_a_setting_are_replaced" || cat "$work/log"
analyzer verify "$before" > "$work/log" 2>&1
check "a_run_is_verified_with_the_labels_residents_and_settings_of_then" || cat "$work/log"
analyzer run --models none --month 2026-10 --time-zone UTC > "$work/after" &&
    analyzer show "$(sed -n 's/^run //p' "$work/after")" --format json > "$work/json" &&
    grep -q Elsewhere "$work/json" && grep -q 'another label' "$work/json" &&
    ! grep -q "^document sha256 $(sed -n 's/^document sha256 //p' "$work/before")" "$work/after"
check "and_the_next_run_has_the_new_ones" || { cat "$work/after"; grep -c Elsewhere "$work/json"; }
analyzer run --models none --month 2026-10 --time-zone Mars/Phobos > "$work/log" 2>&1
[ $? -eq 1 ] && grep -q "unknown time zone 'Mars/Phobos'" "$work/log" && ! grep -q SQLSTATE "$work/log"
check "a_time_zone_that_there_is_not_is_named" || cat "$work/log"
# More units than the collector numbers at a time: it must hand in counts on the way.
"$BINDIR/maatstaf-simulate" --months 2 --stops 18000 --seed 4 --last-month 2026-10 --format csv --out "$work" \
    > /dev/null && awk -F, -v OFS=, 'NR > 1 {$2 = "many-" $2; $24 = "unit-" $2} {print}' "$work/stops.csv" \
    > "$work/many.csv" && take "$work/many.csv"
grep -q 'accepted  *[12].,...$' "$work/report" && [ "$(count "sum(c.sums[1]) -
    (SELECT sum(sums[1]) FROM analysis.recount('Europe/Amsterdam', 1000000, false)
      WHERE perspective = 0 AND unit LIKE 'unit-%')
    FROM analysis.roll_up r JOIN analysis.roll_up_cell c USING (roll_up_id)
    WHERE r.zone = 'Europe/Amsterdam' AND c.perspective = 0 AND c.unit LIKE 'unit-%'
    HAVING count(*) > 16384")" = 0 ]
check "more_units_than_are_numbered_at_a_time_are_counted" || head -20 "$work/report"
exit $failed
