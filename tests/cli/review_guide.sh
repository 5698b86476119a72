#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Runs every command and every query of docs/user-guide/review.md on simulated registrations. Months, numbers and
# record numbers of the page are put in from what there is: they depend on the day and on the draw.
set -u
. tests/lib/check.sh
page=docs/user-guide/review.md

cluster
month=$(sql -c "SELECT to_char(now() AT TIME ZONE 'Europe/Amsterdam' - interval '2 months', 'YYYY-MM')")
decided 2020-01-01 2090-01-01 &&
    "$BINDIR/maatstaf-simulate" --months 1 --stops 400 --seed 5 --last-month "$month" --out "$work" >> "$work/log" 2>&1 &&
    take "$work/stops.ndjson"
check "simulated_registrations_are_taken_in" || cat "$work/log" "$work/report"

sed -n 's/^\$ maatstaf collector //p' "$page" > "$work/commands"
number() { sql -c "SELECT drawn_id FROM registration.review_drawn WHERE unit_code = 'HGL-01' ORDER BY 1 OFFSET $1 LIMIT 1"; }
record() { sql -c "SELECT s.source_record_no FROM registration.review_drawn d JOIN registration.stop s USING (stop_id) WHERE d.drawn_id = $(number "$1")"; }
while IFS= read -r line <&3; do
    command=$(printf '%s' "$line" | sed "s/2026-10/$month/")
    case $command in
    *" 101 "*) command=$(printf '%s' "$command" | sed "s/ 101 / $(number 0) /") ;;
    *" 102 "*) command=$(printf '%s' "$command" | sed "s/ 102 / $(number 1) /") ;;
    *RECORD-3*) command=$(printf '%s' "$command" | sed "s/RECORD-3/$(record 2)/") ;;
    *RECORD-4*) command=$(printf '%s' "$command" | sed "s/RECORD-4/$(record 3)/") ;;
    *CONTEST*) command=$(printf '%s' "$command" | sed "s/CONTEST/$(sql -c "SELECT max(contest) FROM audit.contests")/") ;;
    esac
    passes "runs: $line" eval "collector $command"
done 3< "$work/commands"
[ "$(wc -l < "$work/commands")" -ge 15 ]
verdict $? "the_page_has_its_commands" "only $(wc -l < "$work/commands")"

# An amendment, so that there is one to show.
grep -F "\"source_record_no\":\"$(record 4)\"" "$work/stops.ndjson" |
    sed 's/"tx_type":"I"/"tx_type":"U"/; s/"source_version":1/"source_version":2/; s/"duration_min":[0-9]*/"duration_min":2/' > "$work/later.ndjson"
take "$work/later.ndjson"
check "a_correction_comes_after_the_close" || cat "$work/report"

awk -v out="$work" '/^```sql$/ { n++; file = sprintf("%s/%02d.sql", out, n); next } /^```$/ { file = "" } file { print > file }' "$page"
count=0
for query in "$work"/*.sql; do
    count=$((count + 1))
    "$BINDIR/maatstaf-db" psql --home "$home" --as auditor -- -X -q -A -t -v ON_ERROR_STOP=1 -f "$query" > "$work/answer" 2> "$work/error"
    verdict $? "query $count of the page runs as the auditor" "$(head -1 "$work/error")"
    rows=$(wc -l < "$work/answer")
    case $(cat "$query") in
    *"-- draw again"* | *"agreed_entry IS NULL"* | *"WHERE overdue"*) same "query $count finds nothing wrong" 0 "$rows" ;;
    *) [ "$rows" -gt 0 ]; verdict $? "query $count answers" "no row" ;;
    esac
done
[ "$count" -ge 9 ]
verdict $? "the_page_has_its_queries" "only $count"
exit $failed
