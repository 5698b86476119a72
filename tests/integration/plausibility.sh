#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Rules of units on registrations: each of W130-W136 and X200-X203 has a unit whose records trip exactly it and one
# that comes as close as it can, all in one file; then the counts as of a ledger entry, and a simulated city.
set -u
. tests/lib/check.sh
export MAATSTAF_NOW=2026-11-21T12:00:00Z
findings() { # run: "rule unit month" of every finding
    { analyzer show "$1" --format csv --measure plausibility; analyzer show "$1" --format csv --measure coverage; } \
        2> /dev/null | tr -d '\r' | sed -n 's/^[a-z]*,[^,]*,[^,]*,[^,]*,[a-z]*,\([^,]*\),.*rule=\([WX][0-9]*\).*/\2 \1/p' | sort
}

# 60 stops of a unit in October 2026 (W135: also in the three months before), usual but for what its name says.
cat > "$work/units.awk" <<'AWK'
BEGIN {
    printf "source_system,source_record_no,source_version,tx_type,schema_version,codeset_version,registered_at,late_reason,"
    printf "started_at,time_precision,duration_min,initiated_by,selection_method,stop_mode,vehicle_involved,occupants,persons_present,"
    printf "persons_registered,buurt_code,place_type,legal_basis,traffic_docs_checked,unit_code,assignment,in_uniform,"
    printf "officer_identified,person_seq,role,age_band,perceived_gender,selection.behaviour,selection.fact,"
    printf "selection.information_source,selection.information_age,selection.selection_text,explanation.explained,"
    printf "explanation.reason_told,explanation.receipt_given,treatment.treatment_flags,treatment.bodycam,"
    print "reflection.reflection,group.after_contact,outcome.action,outcome.id_checked,outcome.force,outcome.result,outcome.offence_code"
    unit("usual", "", 0)
    split("W130 31 30,W131 31 30,W132 16 15,W133 16 15,W134 16 15,W136 55 54,X 1 0", rules, ",")
    for (i = 1; i <= 7; i++) {
        split(rules[i], r, " ")
        unit(r[1] "-trips", r[1], r[2])
        unit(r[1] "-nearly", r[1], r[3])
    }
    unit("W136-day-before", "W136-day-before", 60)
    for (m = 7; m <= 9; m++) {
        month(m, 60, "W135-trips", "", 0)
        month(m, 60, "W135-nearly", "", 0)
        month(m, 49, "W135-small", "", 0)
    }
    month(10, 29, "W135-trips", "", 0)
    month(10, 30, "W135-nearly", "", 0)
    month(10, 1, "W135-small", "", 0)
    month(10, 49, "few", "", 0)
    month(10, 50, "enough", "", 0)
}
function unit(name, rule, k) { month(10, 60, name, rule, k) }
function month(m, count, name, rule, k,    n, row) {
    for (n = 0; n < count; n++) {
        no++
        minute = n * 7 % 56 + 1
        if (minute % 15 == 0) minute++
        if (rule == "W130" && n < k) minute = n % 4 * 15
        lasted = n % 20 + 3
        if (rule == "W131") lasted = n < k ? 10 : 11 + n % 20
        day = n % 28 + 1
        start = sprintf("2026-%02d-%02dT%02d:%02d:00+02:00", m, day, n % 20, minute)
        registered = sprintf("2026-%02d-%02dT%02d:30:00+02:00", m, day, n % 20 + 3)
        if (n % 28 >= 24 && m == 10) { sub(/\+02:00/, "+01:00", start); sub(/\+02:00/, "+01:00", registered) }
        late = ""
        if (rule == "W136" && n < k) { registered = "2026-11-09T00:00:00+01:00"; late = "Systeem lag eruit" }
        if (rule == "W136-day-before") { registered = "2026-11-08T23:59:59+01:00"; late = "Systeem lag eruit" }
        group = n % 2 ? "wit_europees" : "zwart"
        if (rule == "W132" && n < k) group = "gemengd_onduidelijk"
        if (rule == "W134" && n < k) group = "not_perceived"
        fact = rule == "W133" && n < k ? "other" : "no_lights"
        result = "warning"; offence = ""; camera = "worn_on_full"
        if (rule == "X") { # 30 fines and reports, 10 arrests, 50 on film
            if (n < 20) { result = "wahv_fine"; offence = "R602" }
            else if (n < 30) { result = "report_pv"; offence = "310 Sr" }
            else if (n < 40) { result = "arrest_suspect"; offence = "310 Sr" }
            camera = n < 45 ? "worn_on_full" : n < 50 ? "worn_on_part" : "not_worn"
        }
        printf "plausible,%06d,1,I,1.0.0,2026.1,%s,%s,%s,exact,%d,self,individual,car,true,1,1,1,BU05180704,street,", no, registered, late, start, lasted
        printf "WVW160_1,true,%s,emergency,true,unprompted,1,driver,25-34,man,traffic_offence_seen,%s,none,<1h,", name, fact
        printf "Reed zonder licht door rood bij kruispunt nummer %d van route %d.,unprompted,%s,digital,none,", no % 89, no % 83, fact
        printf "%s,done_self,%s,none,shown,none,%s,%s\n", camera, group, result, offence
    }
}
AWK
awk -f "$work/units.awk" > "$work/units.csv"
{
    echo "source,period_from,period_to,unit_code,kind,count"
    for total in "CJIB fines 34 33" "BVH arrests 12 11" "cameras bodycam 56 55" "dispatch dispatch 61 60"; do
        # shellcheck disable=SC2086 # four words
        set -- $total
        echo "$1,2026-10-01,2026-10-31,X-trips,$2,$3"
        echo "$1,2026-10-01,2026-10-31,X-nearly,$2,$4"
    done
    echo "dispatch,2026-10-01,2026-10-31,,persons,$(awk -F, '$9 ~ /^2026-10/' "$work/units.csv" | wc -l)"
} > "$work/totals.csv"

cluster
db load control-totals "$work/totals.csv" >> "$work/log" 2>&1 && decided 2020-01-01 2030-01-01 &&
    take "$work/units.csv" && grep -q "accepted  *$(($(wc -l < "$work/units.csv") - 1))\$" <<REPORT
$(tr -d , < "$work/report")
REPORT
check "every_record_of_every_unit_is_taken_in" || cat "$work/log" "$work/report"
analyzer run --month 2026-10 --models none > "$work/run" && run=$(sed -n 's/^run //p' "$work/run")
check "the_month_is_analysed"

for rule in W130 W131 W132 W133 W134 W135 W136; do echo "$rule $rule-trips"; done > "$work/expected"
for rule in X200 X201 X202 X203; do echo "$rule X-trips"; done >> "$work/expected"
findings "$run" > "$work/found"
cmp -s "$work/expected" "$work/found"
check "each_unit_trips_exactly_its_rule_and_those_that_come_near_none" || diff "$work/expected" "$work/found"
analyzer show "$run" --format json > "$work/document.json"
grep -q '"code":"X205","month":"2026-10","unit":"few"' "$work/document.json" &&
    ! grep -q '"code":"X205","month":"2026-10","unit":"enough"' "$work/document.json"
check "forty_nine_stops_are_a_gap_and_fifty_are_not"
analyzer show "$run" --format csv --measure plausibility | grep '^plausibility,.*,W130-trips,' > "$work/w130"
grep -q 'rule=W130; rest-of-city=0.0' "$work/w130" && grep -q ',0.51666666666666' "$work/w130"
check "the_share_stands_beside_the_rest_of_the_city" || cat "$work/w130"
analyzer verify "$run" > "$work/log" 2>&1
check "the_counts_of_units_verify" || cat "$work/log"

# One of the 31 is corrected to another minute, and an arrest withdrawn: as of the new entry, not as of the old.
grep ',W130-trips,' "$work/units.csv" | head -1 | sed 's/,1,I,1.0.0/,2,U,1.0.0/; s/T00:00:00+02:00,exact/T00:07:00+02:00,exact/' > "$work/change"
{ head -1 "$work/units.csv"; cat "$work/change"; } > "$work/update.csv"
{ head -1 "$work/units.csv" | sed 's/late_reason/withdrawal_reason/'
  grep ',X-nearly,.*arrest_suspect' "$work/units.csv" | head -1 | sed 's/,1,I,1.0.0/,2,W,1.0.0/; s/+0[12]:00,,/+02:00,registered twice,/'; } > "$work/withdrawal.csv"
take "$work/update.csv" && agreed_to "$(tail -1 "$work/withdrawal.csv" | cut -d, -f2)" && take "$work/withdrawal.csv"
check "a_correction_and_a_withdrawal_are_taken_in" || cat "$work/report"
analyzer run --month 2026-10 --models none > "$work/run2" && second=$(sed -n 's/^run //p' "$work/run2")
findings "$second" > "$work/found"
# 9 of 11 arrests is 82%, 49 of 55 on film 89%, 59 of 60 stops are fewer, and so the city's.
{ grep -v W130 "$work/expected"; echo "X201 "; echo "X201 X-nearly"; echo "X202 X-nearly"; echo "X203 X-nearly"; } | sort > "$work/expected2"
cmp -s "$work/expected2" "$work/found"
check "a_corrected_time_is_counted_once_and_a_withdrawn_stop_not_at_all" || diff "$work/expected2" "$work/found"
analyzer verify "$second" > "$work/log" 2>&1 && analyzer verify "$run" >> "$work/log" 2>&1
check "both_runs_verify_as_of_their_entries" || cat "$work/log"

# A canonical source has every field; what is shown is in both languages.
grep -q '"not_in_source":\[\]' "$work/document.json" && grep -q '"not_covered":\[\]' "$work/document.json" &&
    grep -q '"applicable":false,"code":"X204","found":0,"judged":0,"small":0' "$work/document.json"
check "a_canonical_source_has_every_field_and_feedback_is_not_applicable"
analyzer show "$run" --format text --lang nl > "$work/nl" && analyzer show "$run" --format html --lang en > "$work/en"
grep -q 'W135 Deze eenheid registreerde plotseling veel minder controles.' "$work/nl" &&
    grep -q 'W130-trips, oktober 2026, waarde 51,7%' "$work/nl" && grep -q '<strong>X200</strong> The number of registered fines' "$work/en"
check "findings_are_shown_in_both_languages" || sed -n "/^Bevindingen/,\$p" "$work/nl"

# A simulated city registers plausibly.
"$BINDIR/maatstaf-simulate" --months 4 --stops 8000 --seed 5 --last-month 2026-04 --out "$work" > "$work/log" 2>&1
take "$work/stops.ndjson"
analyzer run --month 2026-04 --models none > "$work/run3" && third=$(sed -n 's/^run //p' "$work/run3")
analyzer show "$third" --format json | grep -o '"checks":\[.*\],"comparisons"' | grep -o '"code":"W13[0-9]","found":[0-9]*,"judged":[0-9]*' > "$work/checks"
[ "$(grep -c '"found":0,"judged":[1-9]' "$work/checks")" -eq 7 ]
check "a_simulated_city_is_judged_on_every_rule_and_has_no_finding" || cat "$work/checks"
exit $failed
