#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Cells for models against counts of the same registrations made in another way: stops alike by the current versions,
# light by an almanac of another theory (tests/stat/golden/sun.json). A veil is planted: of the stops of one group
# three in ten are taken out when it is dark. Corrections afterwards must not change what counted as of an entry.
set -u
. tests/lib/check.sh
export MAATSTAF_NOW=2026-11-21T12:00:00Z
rows() { sql -F, "$@"; }

# Sunset and dusk of each day of 2026 in The Hague, as seconds since 1970.
hague=$(grep -o '{"name": *"The Hague"[^}]*}' tests/stat/golden/sun.json)
event() { echo "$hague" | grep -o "\"$1\": *\[[^]]*\]" | grep -o '[0-9]*'; }
event sunset > "$work/sunset"
event dusk > "$work/dusk"
paste -d, "$work/sunset" "$work/dusk" > "$work/sun.csv"
[ "$(wc -l < "$work/sun.csv")" -eq 365 ]
check "the_almanac_has_every_day"

# Stops within two minutes of sunset or dusk are left out, as two theories may disagree there; every fiftieth is known
# to the hour only.
cluster
decided 2020-01-01 2030-01-01 &&
    "$BINDIR/maatstaf-simulate" --months 10 --stops 40000 --seed 11 --last-month 2026-10 --out "$work" >> "$work/log" 2>&1 &&
    awk -F, '
        NR == FNR { sunset[NR - 1] = $1; dusk[NR - 1] = $2; next }
        FNR == 1 { split("0 31 59 90 120 151 181 212 243 273 304 334", before, " "); srand(5) }
        { match($0, /"started_at":"[0-9T:-]*Z"/)
          t = substr($0, RSTART + 14, 19)
          day = before[substr(t, 6, 2) + 0] + substr(t, 9, 2) - 1
          at = 1767225600 + 86400 * day + 3600 * substr(t, 12, 2) + 60 * substr(t, 15, 2) + substr(t, 18, 2)
          if (t !~ /^2026/) next
          near = (at - sunset[day]) ^ 2 < 120 ^ 2 || (at - dusk[day]) ^ 2 < 120 ^ 2
          hidden = /"codes":\["zwart"\]/ && at > dusk[day] && rand() < 0.3
          if (near || hidden) next
          if (++kept % 50 == 0) sub(/"time_precision":"exact"/, "\"time_precision\":\"hour\"")
          print }' "$work/sun.csv" "$work/stops.ndjson" > "$work/chosen.ndjson" && take "$work/chosen.ndjson"
check "registrations_with_a_veil_are_taken_in" || tail -3 "$work/log" "$work/report"
analyzer run --month 2026-10 > "$work/first" && first=$(sed -n 's/^run //p' "$work/first")
check "the_month_is_analysed"
analyzer show "$first" --format csv --measure veil > "$work/veil"
figure() { awk -F, -v t="$1" -v g="$2" -v c="$3" '$8 == g && $10 == t {print $c}' "$work/veil"; }

awk -v b="$(figure light zwart 12)" -v l="$(figure light zwart 13)" -v u="$(figure light zwart 14)" 'BEGIN {
    print "planted -0.357, found " b " (" l " to " u ")"; exit !(l < -0.3567 && u > -0.3567 && u < 0) }'
check "the_veil_that_was_planted_is_found" || cat "$work/veil"
awk -F, '$10 == "light" && $8 != "zwart" && $12 != "" { n++; far += $19 < 0.001 } END { exit !(n >= 3 && far == 0) }' \
    "$work/veil"
check "and_none_where_there_is_none"

# ---- counted in another way ----------------------------------------------------------------------

entry=$(sql -c "SELECT max(entry) FROM audit.ledger WHERE kind = 'batch'")
cat > "$work/areas.sql" <<'SQL'
SELECT array_agg(code ORDER BY code), array_agg(CASE level WHEN 'wijk' THEN code WHEN 'buurt' THEN parent ELSE '' END
    ORDER BY code) FROM reference.area WHERE area_set = 'den-haag'
SQL
# The current version of a registration is the one that source_key holds.
cat > "$work/persons.sql" <<'SQL'
CREATE TEMP TABLE sun (sunset bigint, dusk bigint);
\copy sun FROM PROGRAM 'cat $SUN' WITH (FORMAT csv)
CREATE TEMP TABLE persons AS
SELECT s.started_at, s.time_precision, s.started_at AT TIME ZONE 'Europe/Amsterdam' AS local, p.wijk_code AS wijk,
       p.unit_code, p.legal_basis, p.stop_mode, p.searched, g.group_class, g.perceived_before_decision AS seen
  FROM registration.source_key k
  JOIN registration.stop s USING (stop_id, ledger_from)
  JOIN registration.person p USING (stop_id, ledger_from)
  JOIN sensitive.person_group g USING (stop_id, ledger_from, person_seq)
 WHERE k.tx_type <> 'W' AND g.perspective = 'after_contact';
ALTER TABLE persons ADD minute integer, ADD day date;
UPDATE persons SET minute = extract(epoch FROM date_trunc('minute', local) - date_trunc('day', local)) / 60, day = local;
CREATE TEMP TABLE window_of AS
SELECT ceil(min(m)) AS first, floor(max(m)) AS last
  FROM (SELECT extract(epoch FROM (to_timestamp(dusk) AT TIME ZONE 'Europe/Amsterdam')::time) / 60 AS m FROM sun) d;
CREATE TEMP TABLE lit AS
SELECT p.*, (p.started_at > to_timestamp(x.sunset))::integer AS dark
  FROM persons p JOIN sun x ON (to_timestamp(x.dusk) AT TIME ZONE 'Europe/Amsterdam')::date = p.day, window_of w
 WHERE p.time_precision = 'exact' AND p.minute BETWEEN w.first AND w.last
   AND (p.started_at < to_timestamp(x.sunset) OR p.started_at > to_timestamp(x.dusk));
SQL
sed -i "s|cat \$SUN|cat $work/sun.csv|" "$work/persons.sql"

{ cat "$work/persons.sql"
  echo "WITH a (codes, models) AS ($(cat "$work/areas.sql")), ours AS (
      SELECT c.area, c.unit, c.daypart, c.basis, c.mode, c.group_code, c.sums[1] AS n, c.sums[5] AS searched
        FROM a, analysis.count_like('Europe/Amsterdam', $entry, 2025 * 12 + 10, 2026 * 12 + 9, a.codes, a.models, true) c),
    theirs AS (
      SELECT wijk, unit_code, to_char(local, 'HH24')::integer / 4 + 6 * (to_char(local, 'ID') IN ('6', '7'))::integer,
             legal_basis, stop_mode, group_class, count(*)::integer, sum(searched::integer)::integer
        FROM persons GROUP BY 1, 2, 3, 4, 5, 6)
    SELECT (SELECT count(*) FROM ours), (SELECT count(*) FROM (TABLE ours EXCEPT TABLE theirs) x),
           (SELECT count(*) FROM (TABLE theirs EXCEPT TABLE ours) x);"
} > "$work/like.sql"
rows -f "$work/like.sql" > "$work/out" 2>&1
awk -F, '{ print $1 " cells, " $2 " and " $3 " differ"; exit !($1 > 5000 && $2 == 0 && $3 == 0) }' "$work/out"
check "cells_of_stops_alike_are_those_counted_otherwise" || cat "$work/out"

fit() { # SQL of rows: minute, dark (or what was seen), place, group, n -> the figure of zwart
    { cat "$work/persons.sql"; echo "$2"; } > "$work/cells.sql"
    { echo "$1"; rows -f "$work/cells.sql"; } > "$work/cells.csv" &&
        "$BINDIR/maatstaf-analyzer" fit veil --group zwart "$work/cells.csv" > "$work/fit.json" 2> "$work/log" &&
        sed -n 's/.*"name":"log-odds-[a-z]*".*"value":\([-0-9.e]*\)}.*/\1/p' "$work/fit.json"
}
near() { awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; print a, b; exit !(a != "" && b != "" && d < 1e-7 && d > -1e-7) }'; }
counted="count(*) FROM"
near "$(figure light zwart 12)" "$(fit minute,dark,place,group,n "SELECT minute / 5 * 5, dark, wijk, group_class, $counted lit
    WHERE group_class <> 'not_perceived' GROUP BY 1, 2, 3, 4")"
check "light_is_what_fit_veil_gives_on_cells_by_the_almanac" || cat "$work/log"
# The clock changed on 29 March and 25 October 2026.
near "$(figure clock-change zwart 12)" "$(fit minute,dark,place,group,n "SELECT minute / 5 * 5, dark, wijk, group_class,
    $counted lit WHERE group_class <> 'not_perceived' AND (day BETWEEN '2026-02-27' AND '2026-04-27'
    OR day BETWEEN '2026-09-25' AND '2026-11-23') GROUP BY 1, 2, 3, 4")"
check "so_is_light_near_a_change_of_the_clock" || cat "$work/log"
near "$(figure before-contact zwart 12)" "$(fit minute,perceived_before_decision,place,group,n "SELECT minute / 15 * 15,
    seen, wijk, group_class, $counted persons WHERE group_class <> 'not_perceived' AND seen IN ('yes', 'no')
    AND time_precision = 'exact' GROUP BY 1, 2, 3, 4")"
check "so_is_what_officers_saw_beforehand" || cat "$work/log"
[ "$(sed -n 's/.*times-too-coarse=\([0-9]*\).*/\1/p' "$work/veil" | sort -u)" = \
    "$(sql -f "$work/persons.sql" -c "SELECT count(*) FROM persons WHERE time_precision = 'hour'")" ]
check "times_known_to_the_hour_are_left_out_and_counted"

# ---- as of an entry ------------------------------------------------------------------------------

state() { # all three, as of the first run's entry
    sql -c "WITH a (codes, models) AS ($(cat "$work/areas.sql"))
        SELECT md5(string_agg(c::text, '' ORDER BY c::text)) FROM a, analysis.count_like('Europe/Amsterdam', $entry,
               2025 * 12 + 10, 2026 * 12 + 9, a.codes, a.models, true) c
        UNION ALL SELECT md5(string_agg(c::text, '' ORDER BY c::text)) FROM a, analysis.count_light('Europe/Amsterdam',
               $entry, 2025 * 12 + 10, 2026 * 12 + 9, a.codes, a.models, true, '2025-11-01', array_fill(1100, ARRAY[366]),
               array_fill(1130, ARRAY[366]), array_fill(true, ARRAY[366]), 1000, 1300) c"
}
state > "$work/before"
grep '"started_at":"2026-0[5-9]-1' "$work/chosen.ndjson" | head -40 > "$work/some"
{ head -20 "$work/some" | sed 's/"tx_type":"I"/"tx_type":"U"/; s/"source_version":1/"source_version":2/; s/HGL-0[0-9]/HGL-01/g'
  tail -20 "$work/some" | sed 's/"tx_type":"I"/"tx_type":"W","withdrawal_reason":"registered twice"/;
      s/"source_version":1/"source_version":2/'; } > "$work/later.ndjson"
grep '"tx_type":"W"' "$work/later.ndjson" > "$work/withdrawals.ndjson"
agreed "$work/withdrawals.ndjson" && take "$work/later.ndjson" && grep -q 'accepted  *[34]' "$work/report"
check "corrections_and_withdrawals_are_taken_in" || cat "$work/report"
state > "$work/after"
[ -s "$work/before" ] && cmp -s "$work/before" "$work/after"
check "later_versions_change_nothing_as_of_an_earlier_entry"
analyzer verify "$first" > "$work/log" 2>&1
check "the_earlier_run_is_verified_to_the_byte" || cat "$work/log"
analyzer run --month 2026-10 > "$work/second" && second=$(sed -n 's/^run //p' "$work/second") &&
    [ "$first" != "$second" ]
check "and_there_is_a_later_one"
entry=$(sql -c "SELECT max(entry) FROM audit.ledger WHERE kind = 'batch'")
sed -i "s/count_like('Europe\/Amsterdam', [0-9]*/count_like('Europe\/Amsterdam', $entry/" "$work/like.sql"
rows -f "$work/like.sql" > "$work/out" 2>&1
awk -F, '{ print $1 " cells, " $2 " and " $3 " differ"; exit !($1 > 5000 && $2 == 0 && $3 == 0) }' "$work/out"
check "a_correction_counts_once_and_a_withdrawal_not_at_all" || cat "$work/out"

# Coordinates are settings as of a load: without them no light; the run before is verified with those of then.
{ printf 'name,value,note\nlatitude,none,not known\nlongitude,none,not known\n'; } > "$work/settings.csv"
db load settings "$work/settings.csv" > "$work/log" 2>&1 &&
    analyzer verify "$second" >> "$work/log" 2>&1 && analyzer run --month 2026-10 > "$work/third" &&
    analyzer show "$(sed -n 's/^run //p' "$work/third")" --format csv --measure veil > "$work/veil" &&
    awk -F, '$10 == "light" && $25 == "A003" && /no-coordinates/ { n++ } $10 == "before-contact" && $12 != "" { b++ }
        $10 == "light" && $12 != "" { bad++ } END { exit !(n > 0 && b > 0 && bad == 0) }' "$work/veil"
check "without_coordinates_there_is_no_light_and_the_document_says_so" || { cat "$work/log"; head -4 "$work/veil"; }
exit $failed
