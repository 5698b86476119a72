#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The life of registrations after they were stored, with simulated ones: appointment, draw, review, return and
# correction, withdrawal and unlocking by two persons, the close of a month, amendments, contests; and attacks on each.
set -u
. tests/lib/check.sh
refused() { # name text command…: it fails and says so
    refused_name=$1
    refused_text=$2
    shift 2
    "$@" > "$work/out" 2>&1
    refused_status=$?
    [ $refused_status -eq 1 ] && grep -qF -e "$refused_text" "$work/out"
    verdict $? "$refused_name" "status $refused_status, $(head -2 "$work/out")"
}
record() { sql -c "SELECT s.source_record_no FROM registration.review_drawn d JOIN registration.stop s USING (stop_id) WHERE d.drawn_id = $1 LIMIT 1"; }
line_of() { grep -F "\"source_record_no\":\"$1\"" "$work/stops.ndjson"; }
state() { sql -c "SELECT s.state FROM audit.stop_state s JOIN registration.stop r USING (stop_id) WHERE r.source_record_no = '$1' LIMIT 1"; }
version() { # record number, version, tx: its line as another version
    line_of "$1" | sed "s/\"tx_type\":\"I\"/\"tx_type\":\"$3\"/; s/\"source_version\":1/\"source_version\":$2/"
}
later() { # record number, version: a correction of its duration
    version "$1" "$2" U | sed "s/\"duration_min\":[0-9]*/\"duration_min\":$((10 + $2))/" > "$work/later.ndjson"
    take "$work/later.ndjson"
}
withdrawn() { # record number, version
    version "$1" "$2" W | sed 's/"tx_type":"W"/&,"withdrawal_reason":"registered twice"/' > "$work/later.ndjson"
    take "$work/later.ndjson"
}
counted() { # persons of the month as an analysis counts them, as of now
    sql -c "SELECT sum(sums[1]) FROM analysis.recount((SELECT value FROM reference.setting WHERE name = 'time_zone'),
                (SELECT entry FROM audit.ledger_head), false) WHERE perspective = 0 AND month = $index"
}
entries() { sql -c "SELECT entry FROM audit.ledger_head"; }
acts() { sql -c "SELECT count(*) FROM registration.review_act"; }

cluster
# Months before this one, by the database's clock: the one before the last can always be closed.
month=$(sql -c "SELECT to_char(now() AT TIME ZONE 'Europe/Amsterdam' - interval '2 months', 'YYYY-MM')")
this=$(sql -c "SELECT to_char(now() AT TIME ZONE 'Europe/Amsterdam', 'YYYY-MM')")
index=$(sql -c "SELECT split_part('$month', '-', 1)::int * 12 + split_part('$month', '-', 2)::int - 1")
decided 2020-01-01 2090-01-01 &&
    "$BINDIR/maatstaf-simulate" --months 2 --stops 700 --seed 3 --last-month "$month" --out "$work" >> "$work/log" 2>&1 &&
    take "$work/stops.ndjson"
check "simulated_registrations_are_taken_in" || cat "$work/log" "$work/report"

# ---- reviewers -----------------------------------------------------------------------------------
appoint() { collector review appoint "$@" --from 2020-01-01 --until 2090-01-01; }
{ appoint chief-1 --by clerk --unit HGL-01 && appoint chief-2 --by clerk --unit HGL-01 &&
    appoint chief-9 --by clerk --unit HGL-02 &&
    collector review appoint gone --by clerk --unit HGL-01 --from 2020-01-01 --until 2020-12-31; } > "$work/out" 2>&1
check "reviewers_are_appointed" || cat "$work/out"
refused "nobody_appoints_themselves" "nobody appoints themselves" appoint clerk --by clerk --unit HGL-01

# ---- the draw ------------------------------------------------------------------------------------
draw() { collector review draw --month "$month" --by operator "$@"; }
refused "a_seed_after_the_month_needs_a_reason" "a reason is needed" draw
refused "a_reason_that_names_a_person_is_refused" "may hold what identifies" draw --why "vraag van meneer Jansen van 0612345678"
draw --why "eerste maand van het systeem" --seed published-in-the-paper-1 > "$work/drawn" 2>&1
has "the_draw_shows_its_seed_when_the_month_is_over" "seed published-in-the-paper-1 (fixed after the month was over)" "$work/drawn"
before=$(entries)
draw > "$work/out" 2>&1
has "a_second_draw_brings_nothing" "0 drawn now" "$work/out"
same "and_enters_nothing" "$before" "$(entries)"
refused "the_seed_of_a_month_is_fixed" "is fixed already" draw --seed another-seed-than-before
later_month=$(sql -c "SELECT to_char(now() AT TIME ZONE 'Europe/Amsterdam' + interval '1 month', 'YYYY-MM')")
collector review draw --month "$later_month" --by operator > "$work/out" 2>&1
has "a_seed_that_is_fixed_in_time_is_kept_secret" "is shown when the month is over" "$work/out"
same "the_auditor_sees_its_hash_and_not_the_seed" "t|t|f" "$(sql -c "SELECT length(seed_sha256) = 64, seed IS NULL, late FROM audit.review_seeds WHERE month = '$later_month'")"
same "the_hash_is_in_the_ledger" 1 "$(sql -c "SELECT count(*) FROM audit.ledger l JOIN audit.review_seeds s ON s.entry = l.entry
    WHERE s.month = '$later_month' AND strpos(l.subject, s.seed_sha256) > 0 AND strpos(l.subject, (SELECT a.detail ->> 'seed'
        FROM registration.review_act a WHERE a.kind = 'review-seed' AND a.month = '$later_month')) = 0")"

# Anybody can draw again: SHA-256 of seed, colon, stop id; drawn when its first 32 bits are below a twentieth of 2^32.
sql -c "SELECT stop_id FROM audit.stop_state WHERE month = '$month' ORDER BY 1" > "$work/ids"
while read -r id; do
    hex=$(printf 'published-in-the-paper-1:%s' "$id" | sha256sum | cut -c1-8)
    [ $((0x$hex)) -lt 214748364 ] && echo "$id"
done < "$work/ids" > "$work/by_hand"
sql -c "SELECT stop_id FROM audit.review_draws WHERE month = '$month' AND 'random' = ANY (reasons) ORDER BY 1" > "$work/by_lot"
[ -s "$work/by_hand" ] && cmp -s "$work/by_hand" "$work/by_lot"
verdict $? "the_lot_is_what_sha256sum_says" "$(wc -l < "$work/by_hand") by hand, $(wc -l < "$work/by_lot") drawn"

# Mandatory reasons against the file that came in: persons one a line, what was told left away.
local_month="\"source_record_no\":\"$month-"
grep -F "$local_month" "$work/stops.ndjson" | sed 's/"reason_told":\[[^]]*\]//g' |
    awk '{ n = split($0, part, /"person_seq":/); match($0, /"source_record_no":"[^"]*"/)
           number = substr($0, RSTART + 20, RLENGTH - 21)
           for (i = 2; i <= n; i++) {
               p = part[i]; why = ""
               if (p ~ /"search_kind":"body"|clothing_beyond_outer/) why = why " strip-search"
               if (p ~ /"age_band":"(<12|12-15)"/ && p ~ /"search_kind":"[^n]/) why = why " minor-searched"
               if (p ~ /"force":\["[^n]/) why = why " force"
               if (p ~ /"counterfactual_yes":"(no|unsure)"/) why = why " counterfactual"
               if (p ~ /evasive_on_seeing_police|foreign_plate|hot_time_place/) why = why " sensitive-code"
               if (p ~ /"explained":"not_safety"/) why = why " not-safety"
               m = split(why, w, " "); for (k = 1; k <= m; k++) print number " " w[k] } }' | sort -u > "$work/by_hand"
sql -F ' ' -c "SELECT DISTINCT s.source_record_no, r FROM registration.review_drawn d JOIN registration.stop s USING (stop_id)
    CROSS JOIN LATERAL unnest(d.reasons) r WHERE d.month = '$month' AND r <> 'random' AND s.source_record_no LIKE '$month-%'" |
    sort -u > "$work/drawn_for"
cmp -s "$work/by_hand" "$work/drawn_for" && [ "$(cut -d' ' -f2 "$work/by_hand" | sort -u | wc -l)" -ge 4 ]
verdict $? "mandatory_reasons_are_those_of_the_file" "$(diff "$work/by_hand" "$work/drawn_for" | head -4)"

# ---- looking -------------------------------------------------------------------------------------
collector review list --by chief-1 --unit HGL-01 > "$work/list" 2>&1
same "a_supervisor_sees_the_own_unit" "$(sql -c "SELECT count(*) FROM registration.review_drawn WHERE unit_code = 'HGL-01'")" "$(grep -c in_review "$work/list")"
refused "and_no_other" "does not review that unit" collector review list --by chief-1 --unit HGL-02
refused "nor_after_the_appointment_is_over" "does not review that unit" collector review list --by gone --unit HGL-01
refused "a_name_is_needed" "a name of who acts" collector review list --by "" --unit HGL-01
# shellcheck disable=SC2046 # numbers
set -- $(awk '{print $1}' "$work/list")
first=$1 second=$2 third=$3 fourth=$4 fifth=$5 sixth=$6
other=$(sql -c "SELECT min(drawn_id) FROM registration.review_drawn WHERE unit_code = 'HGL-02'")
looks=$(sql -c "SELECT count(*) FROM audit.access_log WHERE action = 'review_show'")
collector review show "$first" --by chief-1 > "$work/shown" 2>&1
has "a_drawn_registration_is_shown" "\"source_record_no\": \"$(record "$first")\"" "$work/shown"
! grep -qE 'perspective|perceived_before|group_class|salt|pseudonym' "$work/shown"
check "without_group_officer_and_salt"
same "the_look_is_logged" "$((looks + 1))|review $first by chief-1" \
    "$(sql -c "SELECT count(*) || '|' || max(subject) FROM audit.access_log WHERE action = 'review_show'")"
refused "the_registration_of_another_unit_is_not_shown" "does not review that unit" collector review show "$other" --by chief-1
refused "nor_is_told_whether_a_number_exists" "does not review that unit" collector review show 999999 --by chief-1

looks=$(sql -c "SELECT count(*) FROM audit.access_log")
for look in "review list" "review overdue" "contest list"; do
    # shellcheck disable=SC2086 # two words
    collector $look --by chief-1 --unit HGL-01 > /dev/null 2>&1
done
same "every_list_is_a_look" $((looks + 3)) "$(sql -c "SELECT count(*) FROM audit.access_log")"

# ---- confirm, return, correct --------------------------------------------------------------------
persons=$(counted)
collector review confirm "$first" --by chief-1 > "$work/out" 2>&1
same "a_confirmed_registration_is_confirmed" CONFIRMED "$(state "$(record "$first")")"
refused "it_is_confirmed_once" "not to be reviewed now" collector review confirm "$first" --by chief-2
refused "another_unit_cannot_confirm" "does not review that unit" collector review confirm "$second" --by chief-9
before=$(acts)
refused "a_return_names_known_codes" "codes of the list deficiency" collector review return "$second" --code untidy --by chief-1
refused "its_text_names_nobody" "may hold what identifies" collector review return "$second" --code other --by chief-1 --text "vraag het aan dhr. De Vries, 0612345678"
same "what_was_refused_left_nothing" "$before" "$(acts)"
collector review return "$second" --code reason_unclear,field_wrong --by chief-1 --text "de duur klopt niet" > "$work/out" 2>&1
same "a_returned_registration_is_returned" RETURNED "$(state "$(record "$second")")"
refused "it_is_not_confirmed_without_a_correction" "it is returned" collector review confirm "$second" --by chief-1
later "$(record "$second")" 2
same "a_correction_makes_it_corrected" CORRECTED "$(state "$(record "$second")")"
collector review show "$second" --by chief-2 > "$work/shown" 2>&1
has "the_reviewer_sees_what_it_was_returned_for" "returned for reason_unclear,field_wrong: de duur klopt niet" "$work/shown"
has "and_the_new_version" '"duration_min": 12' "$work/shown"
collector review confirm "$second" --by chief-2 > "$work/out" 2>&1
same "and_a_second_review_confirms_it" CONFIRMED "$(state "$(record "$second")")"
before=$(acts)
for reviewer in chief-1 chief-2; do collector review confirm "$7" --by $reviewer > "$work/$reviewer" 2>&1 & done
wait
same "of_two_who_confirm_at_once_one_does" "$((before + 1)) 1" "$(acts) $(cat "$work/chief-1" "$work/chief-2" | grep -c 'confirmed, ledger')"
collector review return "$third" --code field_missing --by chief-1 > "$work/out" 2>&1
same "neither_review_nor_correction_changes_what_counts" "$persons" "$(counted)"
same "the_return_rate_is_a_figure" "4|2|0.5000" "$(sql -c "SELECT reviewed, returned, return_rate FROM audit.review_rates WHERE unit_code = 'HGL-01' AND month = '$month'")"
same "and_so_is_what_for" "field_missing 1, field_wrong 1, reason_unclear 1" \
    "$(sql -c "SELECT string_agg(code || ' ' || returns, ', ' ORDER BY code) FROM audit.deficiencies")"

# No further information: what is known goes on counting, what is not is left out, field by field.
version "$(record "$third")" 2 N | sed 's/"explained":"[a-z_]*",//g; s/"reason_told":\[[^]]*\],//g' > "$work/later.ndjson"
take "$work/later.ndjson"
same "what_cannot_be_repaired_is_nfi" NFI "$(state "$(record "$third")")"
same "its_persons_count" "$persons" "$(counted)"
same "but_not_what_is_missing" "t" "$(sql -c "SELECT bool_and(explained IS NULL AND searched IS NOT NULL) FROM registration.person p
    JOIN registration.source_key k USING (stop_id, ledger_from)
    WHERE stop_id = (SELECT d.stop_id FROM registration.review_drawn d WHERE d.drawn_id = $third)")"

# ---- withdrawal and unlock: two persons ----------------------------------------------------------
gone=$(record "$fourth")
gone_persons=$(line_of "$gone" | grep -o '"role":' | wc -l)
withdrawn "$gone" 2
has "a_withdrawal_without_a_second_person_is_refused" R025 "$work/report"
same "and_counts_on" "$persons" "$(counted)"
agree() { collector review withdraw --source sim-den-haag --record "$@"; }
refused "another_unit_cannot_agree" "does not review that unit" agree "$gone" --by chief-9 --why "staat er dubbel in"
refused "nor_without_a_reason" "a reason of 5" agree "$gone" --by chief-1 --why "ja"
agree "$gone" --by chief-1 --why "staat er dubbel in" > "$work/out" 2>&1
later "$gone" 2
withdrawn "$gone" 3
has "an_agreement_holds_for_the_version_it_was_about" R025 "$work/report"
agree "$gone" --by chief-1 --why "staat er dubbel in" > "$work/out" 2>&1
withdrawn "$gone" 3
same "with_a_second_person_it_is_withdrawn" WITHDRAWN "$(state "$gone")"
same "and_counts_no_more" "$((persons - gone_persons))" "$(counted)"
refused "a_withdrawn_registration_is_not_confirmed" "it is ended" collector review confirm "$fourth" --by chief-1
same "the_auditor_sees_the_agreement" 1 "$(sql -c "SELECT count(*) FROM audit.withdrawals WHERE agreed_entry < entry")"

typed=$(record "$fifth")
regroup() { # version group
    version "$typed" "$1" U | sed "s/\"codes\":\[\"[a-z_]*\"\(,\"[a-z_]*\"\)*\]/\"codes\":[\"$2\"]/g" > "$work/later.ndjson"
    take "$work/later.ndjson"
}
unlock() { collector review unlock-group --source sim-den-haag --record "$typed" --why "verkeerd aangetikt" "$@"; }
groups() { sql -c "SELECT string_agg(DISTINCT g.codes::text, ' ') FROM sensitive.person_group g JOIN registration.stop s USING (stop_id, ledger_from)
    WHERE s.source_record_no = '$typed'"; }
was=$(groups)
new=zwart
case $was in *zwart*) new=wit_europees ;; esac
regroup 2 "$new"
has "the_group_is_locked" R023 "$work/report"
unlock --by chief-1 > "$work/out" 2>&1
has "the_first_person_asks" "a second person must agree" "$work/out"
regroup 2 "$new"
has "which_unlocks_nothing" R023 "$work/report"
refused "who_asked_cannot_agree" "a second person is needed" unlock --by chief-1
refused "nor_can_another_unit" "does not review that unit" unlock --by chief-9
unlock --by chief-2 > "$work/out" 2>&1
has "the_second_person_agrees" "may carry another group" "$work/out"
regroup 2 "$new"
[ "$(groups)" != "$was" ] && case $(groups) in *"$was"*) true ;; *) false ;; esac
verdict $? "the_group_is_corrected_and_the_old_value_kept" "was $was, now $(groups)"
regroup 3 noord_afrikaans_turks_midden_oosters
has "and_it_is_locked_again" R023 "$work/report"
same "unlocks_are_counted_by_year" "1|1|1" "$(sql -c "SELECT asked, agreed, used FROM audit.group_unlocks WHERE unit_code = 'HGL-01'")"

# ---- the month -----------------------------------------------------------------------------------
close() { collector month close --by operator --month "$@"; }
refused "a_month_that_is_not_over_stays_open" "the month is not over" close "$this" --why "het moet af"
close "$month" > "$work/closed" 2>&1
has "a_month_is_closed" "$month is closed: ledger entry" "$work/closed"
stops=$(sql -c "SELECT count(*) FROM audit.stop_state WHERE month = '$month' AND state <> 'WITHDRAWN'")
same "with_its_counts" "$stops 3 1 1" "$(awk '$1 == "stops" { s = $2 } $1 == "confirmed" { c = $2 } $1 == "nfi" { n = $2 }
    $1 == "withdrawn" { w = $2 } END { print s, c, n, w }' "$work/closed")"
head=$(sql -c "SELECT encode(previous, 'hex') FROM audit.ledger WHERE kind = 'month-close'")
has "and_the_head_before_it" "head $head" "$work/closed"
before=$(entries)
close "$month" > "$work/again" 2>&1
sed 's/ already//' "$work/again" | cmp -s - "$work/closed" && grep -q already "$work/again" && [ "$before" = "$(entries)" ]
check "closed_twice_is_closed_once"
prior=$(sql -c "SELECT to_char(now() AT TIME ZONE 'Europe/Amsterdam' - interval '3 months', 'YYYY-MM')")
# Another session has closed it and not yet committed when this one begins.
sql -c "BEGIN; SELECT entry FROM ingest.close_month('$prior', NULL, 'another'); SELECT pg_sleep(2); COMMIT" > "$work/one" 2>&1 &
for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ "$(sql -c "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")" = 1 ] && break
    sleep 0.2
done
close "$prior" > "$work/two" 2>&1
wait
has "closed_by_two_at_once_is_closed_once" "$prior is closed already: ledger entry $(head -1 "$work/one")," "$work/two"
same "with_one_entry" 1 "$(sql -c "SELECT count(*) FROM audit.ledger WHERE kind = 'month-close' AND strpos(subject, '$prior') > 0")"
same "a_closed_registration_is_frozen" FROZEN "$(state "$(record "$sixth")")"
persons=$(counted)
later "$(record "$sixth")" 2
same "a_correction_after_the_close_is_an_amendment" AMENDED "$(state "$(record "$sixth")")"
same "it_is_listed_with_what_it_replaced" "U|t" "$(sql -c "SELECT tx_type, was_batch < batch_id FROM audit.amendments WHERE month = '$month'")"
same "both_values_are_kept" 2 "$(sql -c "SELECT count(DISTINCT content ->> 'duration_min')
    FROM audit.amendments m CROSS JOIN LATERAL audit.stop_versions(m.stop_id, 'test')")"
same "it_counts_in_its_new_version" "$persons" "$(counted)"

# ---- contests ------------------------------------------------------------------------------------
contest() { collector contest open --source sim-den-haag --by desk "$@"; }
refused "a_contest_is_about_a_person_of_a_registration" "no such person" contest --record "$typed" --person 9 --field age_band
refused "and_says_what_does_not_match" "which field, or in words" contest --record "$typed"
refused "its_text_is_screened" "may hold what identifies" contest --record "$typed" --text "ik ben Mohamed de Wit, 0612345678"
contest --record "$typed" --field age_band,result --text "er is niets gevonden" > "$work/out" 2>&1
number=$(sed -n 's/^contest \([0-9]*\):.*/\1/p' "$work/out")
same "a_contest_is_due_in_28_days" 28 "$(sql -c "SELECT (due::date - opened_at::date) FROM audit.contests WHERE contest = ${number:-0}")"
collector contest list --by chief-1 --unit HGL-01 > "$work/out" 2>&1
has "the_unit_sees_it" "age_band,result  er is niets gevonden" "$work/out"
answer() { collector contest answer "$number" --outcome partly "$@"; }
refused "another_unit_does_not_answer" "does not review that unit" answer --by chief-9 --text "wij weten van niets"
answer --by chief-1 --text "het resultaat wordt aangepast" > "$work/out" 2>&1
has "the_police_answer" "answered, ledger entry" "$work/out"
refused "once" "this contest was answered" answer --by chief-2 --text "bij nader inzien niet"
same "both_views_are_there_for_the_auditor" "er is niets gevonden|het resultaat wordt aangepast" "$("$BINDIR/maatstaf-db" psql --home "$home" --as auditor -- \
    -XqAt -c "SELECT string_agg(note, '|' ORDER BY act_id) FROM audit.acts('-infinity', 'infinity', 'both views') WHERE kind LIKE 'contest-%'")"

# ---- attacks: what happened is not undone ----------------------------------------------------------
verify() { db verify-ledger > "$work/out" 2>&1; }
verify
check "the_ledger_holds" || cat "$work/out"
for statement in "UPDATE registration.review_act SET kind = 'review-confirm'" "TRUNCATE registration.review_act" \
    "UPDATE registration.review_drawn SET reasons = '{random}'" "TRUNCATE registration.review_drawn" \
    "SET session_replication_role = replica; UPDATE registration.review_act SET by_name = 'x'"; do
    ! sql -c "$statement" > "$work/out" 2>&1
    check "refused to the owner: $statement"
done
found() { # name statement difference: by the owner, past the guards
    sql -c "$2" > "$work/out" 2>&1
    verify
    [ $? -eq 4 ] && grep -qE "$3" "$work/out"
    verdict $? "$1" "$(cat "$work/out")"
}
off="ALTER TABLE registration.review_act DISABLE TRIGGER ALL; ALTER TABLE registration.review_drawn DISABLE TRIGGER ALL;"
found "an_act_that_was_changed_is_found" "$off UPDATE registration.review_act SET by_name = 'chief-9' WHERE act_id =
    (SELECT max(act_id) FROM registration.review_act WHERE kind = 'review-confirm')" '^.*act [0-9]+: it is not what ledger entry'
found "an_act_that_was_deleted_is_found" "DELETE FROM registration.review_act WHERE kind = 'review-return'" 'entry [0-9]+: its act is missing'
found "a_stop_taken_from_a_draw_is_found" "DELETE FROM registration.review_drawn WHERE drawn_id = $sixth" 'draw [0-9]+: its list is not'
found "an_act_that_nobody_did_is_found" "INSERT INTO registration.review_act (kind, at, by_name, role, stop_id, ledger_from, person_seq,
        unit_code, codes, salt, entry) SELECT 'contest-opened', now() - interval '40 days', 'x', 'x', stop_id, ledger_from, 1, 'HGL-01', '{role}',
        '\\x00', 1 FROM registration.review_act WHERE kind = 'contest-answered'" 'act [0-9]+: it is not what ledger entry 1 says'
# That one is 40 days old.
collector review overdue --by chief-1 --unit HGL-01 > "$work/out" 2>&1
has "a_contest_past_its_day_is_overdue" "contest " "$work/out"
planned=$(sql -c "SELECT count(DISTINCT p.stop_id) FROM registration.person p JOIN registration.source_key k USING (stop_id, ledger_from)
    JOIN registration.stop s USING (stop_id, ledger_from) WHERE p.reflection = 'planned' AND s.unit_code = 'HGL-01' AND k.tx_type <> 'N'")
[ "$planned" -gt 0 ]
check "there_are_reflections_still_planned"
same "and_so_are_their_reflections" "$planned" "$(grep -c '^reflection' "$work/out")"
same "the_auditor_sees_how_many" "$planned" "$(sql -c "SELECT overdue FROM audit.overdue WHERE kind = 'reflection' AND unit_code = 'HGL-01'")"
exit $failed
