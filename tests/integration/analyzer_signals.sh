#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Signals from registrations to report: what was planted raises them, they keep their identity in the next month,
# the run names the one it carries on, verify reproduces it whatever was stored since, and they fit the schema.
set -u
. tests/lib/check.sh
run() { analyzer run --month "$1" --seed "${2:-1}" --models none | sed -n 's/^run //p'; }
show() { analyzer show "$@"; }

cluster
decided 2024-11-01 2026-12-31 &&
    "$BINDIR/maatstaf-simulate" --months 24 --stops 60000 --seed 3 --last-month 2026-10 \
        --plan tests/simulator/plans/demo.json --out "$work/data" > "$work/simulate" 2>&1
check "a_city_is_simulated" || exit 1
take "$work/data/stops.ndjson"
status=$?
[ $status -eq 0 ] || [ $status -eq 3 ]
check "its_stops_are_stored"

september=$(run 2026-09)
october=$(run 2026-10)
show "$september" --signals --format csv > "$work/september.csv"
show "$october" --signals --format csv > "$work/october.csv"
group=noord_afrikaans_turks_midden_oosters
grep -q "^[0-9a-f]*,search,city,,after_contact,$group,B,B,same,B,2026-09," "$work/october.csv"
check "the_planted_threshold_is_a_signal_of_two_months" || cut -d, -f1-14 "$work/october.csv"
id=$(sed -n "s/^\([0-9a-f]*\),search,city,,after_contact,$group,.*/\1/p" "$work/september.csv")
[ -n "$id" ] && grep -q "^$id,search,city," "$work/october.csv"
check "it_keeps_its_id"
show "$october" --format json > "$work/document.json"
grep -q "\"previous\":\"$september\"" "$work/document.json"
check "the_run_names_the_one_it_carries_on"

another=$(run 2026-09 2)
[ "$another" != "$september" ] && analyzer verify "$october" | grep -q "the same to the byte"
check "a_later_run_of_the_month_before_changes_nothing"
again=$(run 2026-10)
[ "$again" != "$october" ]
check "a_new_run_carries_on_from_the_later_one"

show "$october" --lang en > "$work/report.txt"
awk '/^Signals$/ { signals = NR } /^How to read this$/ { reading = NR } END { exit !(signals && signals < reading) }' "$work/report.txt"
check "the_report_has_signals_before_the_tables"
grep -q "A signal is no proof of discrimination" "$work/report.txt"
check "the_report_says_what_a_signal_does_not_mean"
show "$october" --format html | grep -q '<section id="signals"'
check "the_page_has_signals"
show "$october" --signals --format json > "$work/signals.json"
grep -q "^\[{" "$work/signals.json"
check "signals_alone_are_json_too"

show "$september" --signals --lang en > "$work/first.txt"
show "$october" --signals --lang en > "$work/next.txt"
# Columns by name: place, group, kind, brief, under, id. What a city's signal tells has no place in the brief.
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { id[NR] = $at["id"]; what[NR] = $at["group"] $at["kind"]; place[NR] = $at["place"]; brief[NR] = $at["brief"]; under[NR] = $at["under"] }
    END { for (i in id) of[id[i]] = i
        for (i in id) { n += brief[i] != ""; if (under[i] == "") continue
            folded++; k = of[under[i]]; bad += place[k] != "" || what[k] != what[i] || place[i] == "" || brief[i] != "" }
        exit bad || !folded || n > 5 }' "$work/october.csv"
check "places_of_a_practice_are_told_under_the_city_and_take_no_place_in_the_brief" || cut -d, -f1-14 "$work/october.csv"
grep -q "since September 2026, first analysis" "$work/first.txt" && ! grep -q "2026, new" "$work/first.txt" &&
    ! grep -q "first analysis" "$work/next.txt"
check "nothing_is_called_new_without_a_month_before"
show "$october" --signals --measure alike > "$work/both.txt" 2>&1
[ $? -eq 2 ]
check "signals_and_one_measure_at_once_is_wrong_usage"
grep -q "E3 .*: yes (q < 0.001)$" "$work/next.txt"
check "what_holds_is_shown_with_its_q"

if python3 -c 'import jsonschema' 2> /dev/null; then
    python3 - "$work/document.json" docs/schema/analysis-1.json <<'PY'
import json, sys, jsonschema
document, schema = (json.load(open(f)) for f in sys.argv[1:3])
validator = jsonschema.Draft202012Validator(schema)
validator.validate(document)
signals = document["signals"]
def refuses(**change):
    try:
        validator.validate(dict(document, signals=[dict(signals[0], **change)]))
    except jsonschema.ValidationError:
        return
    sys.exit("went through: %s" % change)
refuses(grade="E")
refuses(grade=None)
refuses(status="closed")
refuses(brief=6)
refuses(evidence=[dict(e, holds=None) if e["holds"] is not None else e for e in signals[0]["evidence"]])
PY
    check "signals_fit_the_schema_and_broken_ones_do_not"
else
    skip "analyzer_signals: signals_fit_the_schema" "python3-jsonschema is not here"
fi
exit $failed
