#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The real stops of Minneapolis through the whole chain: areas and residents loaded, the file imported by its
# profile, the year analysed; every figure that R also computed (tests/stat/r/minneapolis.R) must agree to
# 1e-10, the run must come out the same twice, verify must hold, and the document must fit its schema.
set -u
. tests/lib/check.sh
data=${MAATSTAF_DATA:-../shared/data}/mpls_stops
needs "$data/MplsStops.csv.gz"

gzip -dc "$data/MplsStops.csv.gz" > "$work/stops.csv"
# Neighbourhoods of both files; three have stops and no residents.
{
    echo "area_set,code,level,name,parent,valid_from_year,valid_to_year"
    echo "minneapolis,minneapolis,city,Minneapolis,,2017,"
    { sed 1d "$data/MplsDemo.csv" | cut -d'"' -f2; sed 1d "$work/stops.csv" | sed 's/.*,"\([^"]*\)"$/\1/'; } |
        sort -u | awk '{printf "minneapolis,%s,area,%s,minneapolis,2017,\n", $0, $0}'
} > "$work/areas.csv"
{
    echo "area_set,area_code,year,class,age_band,persons,rounded_to,source"
    sed 1d "$data/MplsDemo.csv" | awk -F, '{
        gsub(/"/, "", $1)
        printf "minneapolis,%s,2017,all,all,%s,1,MplsDemo\n", $1, $2
        if ($3 != "NA") printf "minneapolis,%s,2017,white,all,%.6f,1,MplsDemo\n", $1, $2 * $3
        if ($4 != "NA") printf "minneapolis,%s,2017,black,all,%.6f,1,MplsDemo\n", $1, $2 * $4
    }'
} > "$work/population.csv"

cluster
db load areas "$work/areas.csv" >> "$work/log" 2>&1 &&
    printf 'name,value,note\nlatitude:minneapolis,44.98,of the city\nlongitude:minneapolis,-93.27,of the city\n' \
        > "$work/settings.csv" && db load settings "$work/settings.csv" >> "$work/log" 2>&1 &&
    db load population --area-set minneapolis "$work/population.csv" >> "$work/log" 2>&1 &&
    decided 2017-01-01 2017-12-31
check "the_city_is_loaded" || cat "$work/log"
collector import --profile minneapolis "$work/stops.csv" > "$work/report"
grep -q 'accepted  *51,920' "$work/report"
check "all_stops_are_accepted"

analyzer run --month 2017-12 --time-zone America/Chicago > "$work/first"
check "the_year_is_analysed"
analyzer run --month 2017-12 --time-zone America/Chicago > "$work/second"
cmp -s "$work/first" "$work/second"
check "the_same_seed_gives_the_same_bytes"
run=$(sed -n 's/^run //p' "$work/first")
analyzer verify "$run" > "$work/verified" 2>&1
check "verify_counts_again_to_the_byte"
analyzer show "$run" --format json > "$work/document.json"
analyzer show "$run" --format csv > "$work/figures.csv"

# Places that R was told to take together in pooled ratios, as A001 withholds their own figures.
awk -F, 'BEGIN { print "measure,place,group" }
    NR > 1 && $4 == "12-months" && $5 == "area" && $16 == "" && ($1 == "stop-rate" || $1 == "search-rate") &&
        ($7 == "after_contact" && $8 == "black" || $7 == "" && $8 == "") { print $1 "," $6 "," $8 }' \
    "$work/figures.csv" | cmp -s - tests/stat/golden/minneapolis_withheld.csv
check "the_places_withheld_are_those_that_R_took_together"

# Every measure alone, in both forms for people; what has no figures says so and ends with 1.
sed -n 's/^    {"\([a-z-]*\)", UNIT_.*/\1/p' analyzer/report/view.c > "$work/measures"
while read -r measure; do
    for format in text html; do
        analyzer show "$run" --format $format --measure "$measure" > "$work/shown" 2> "$work/why"
        status=$?
        if grep -q "^$measure," "$work/figures.csv"; then [ $status -eq 0 ] && [ -s "$work/shown" ]
        else [ $status -eq 1 ] && grep -q "has no figures of $measure: " "$work/why"; fi || echo "$measure $format: $status $(cat "$work/why")"
    done
done < "$work/measures" > "$work/not-shown"
[ "$(wc -l < "$work/measures")" -gt 30 ] && [ ! -s "$work/not-shown" ]
check "every_measure_is_shown_alone" || cat "$work/not-shown"
# measure (with method and term where they tell rows apart), place, group -> value, lower, upper, p; in twelve months, after contact, against residents or nothing.
awk -F, 'NR > 1 && $4 == "12-months" && ($7 == "after_contact" || $7 == "") && ($11 == "" || $11 == "residents") \
    && ($5 == "area" || $5 == "city") {
    name = $1 ($1 == "tipping" || $1 == "glm-ratio" ? ":" $2 : "") ($10 == "" ? "" : ":" $10)
    print name "|" $6 "|" $8 "|" $12 "|" $13 "|" $14 "|" $19 "|" $25 "|" $26 }' "$work/figures.csv" | tr -d '\r"' > "$work/ours"
sed -n 's/^{"measure":"\(.*\)","place":"\(.*\)","group":"\(.*\)","value":\(.*\),"lower":\(.*\),"upper":\(.*\),"p":\(.*\),"note":"\(.*\)"},*$/\1|\2|\3|\4|\5|\6|\7|\8/p' \
    tests/stat/golden/minneapolis.json > "$work/golden"
awk -F'|' '
    function far(a, b) { d = a - b; if (d < 0) d = -d; m = b < 0 ? -b : b; return d > 1e-10 * (m > 1 ? m : 1) }
    NR == FNR { for (i = 4; i <= 9; i++) ours[$1, $2, $3, i] = $i; there[$1, $2, $3] = 1; next }
    # An area has no row for a ratio that is withheld: then its rate says so.
    !(($1, $2, $3) in there) && $2 != "" && ours["stop-rate", $2, $3, 8] == "A001" { withheld++; next }
    !(($1, $2, $3) in there) { print "missing: " $1 " " $2 " " $3; bad++; next }
    # R withholds only what is under ten; what A001 withholds besides is the business of tests/unit/small.c.
    ours[$1, $2, $3, 8] == "A001" { withheld++; next }
    { cases++
      if (ours[$1, $2, $3, 9] != $8) { print $1 " " $2 " " $3 ": note " ours[$1, $2, $3, 9] ", R " $8; bad++ }
      for (i = 4; i <= 7; i++)
          if ($i != "null" && (ours[$1, $2, $3, i] == "" || far(ours[$1, $2, $3, i], $i))) {
              print $1 " " $2 " " $3 ": ours " ours[$1, $2, $3, i] ", R " $i ", allowed 1e-10"; bad++ }
    }
    END { print cases + 0 " cases compared with R, " bad + 0 " differ, " withheld + 0 " withheld"
          exit bad > 0 || cases < 400 || withheld > cases / 5 }' \
    "$work/ours" "$work/golden" > "$work/compared"
status=$?
tail -8 "$work/compared"
[ $status -eq 0 ]
check "figures_agree_with_R_to_1e-10"

# The direct before-contact test, by R (tests/stat/r/minneapolis_veil.R); and light, now that the city's place is known.
sed -n 's/^{"group":"\(.*\)","n":\(.*\),"events":\(.*\),"value":\(.*\),"lower":\(.*\),"upper":\(.*\)},*$/\1 \2 \3 \4 \5 \6/p' \
    tests/stat/golden/minneapolis_veil.json > "$work/golden"
awk -F, '$1 == "veil" && $10 == "before-contact" { print $8, $16, $17, $12, $13, $14 }' "$work/figures.csv" |
    awk 'function far(a, b) { d = a - b; return d > 1e-8 || d < -1e-8 }
        NR == FNR { for (i = 2; i <= 6; i++) r[$1, i] = $i; there++; next }
        { for (i = 2; i <= 6; i++) if (far($i, r[$1, i])) { print $1 ": ours " $i ", R " r[$1, i]; bad++ } n++ }
        END { exit !(n == 7 && there == 7 && bad == 0) }' "$work/golden" -
check "the_before_contact_test_is_that_of_R"
awk -F, '$1 == "veil" && $10 == "light" && $8 == "black" && $16 > 5000 && $12 != "" { n++ } END { exit n != 1 }' "$work/figures.csv"
check "light_is_known_where_an_area_set_has_coordinates" || grep ^veil "$work/figures.csv" | head -3

if python3 -c 'import jsonschema' 2>/dev/null; then
    python3 - "$work/document.json" docs/schema/analysis-1.json <<'PY'
import json, sys, jsonschema
document, schema = (json.load(open(f)) for f in sys.argv[1:3])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(document)
broken = dict(document, figures=[dict(document["figures"][0], value="0.1")])
try:
    jsonschema.Draft202012Validator(schema).validate(broken)
except jsonschema.ValidationError:
    sys.exit(0)
sys.exit("a figure whose value is text went through")
PY
    check "the_document_fits_its_schema"
else
    skip "analyzer_minneapolis: the_document_fits_its_schema" "python3-jsonschema is not here"
fi

# Fields that the profile says the source lacks are told from fields that were not filled in.
grep -o '"not_in_source":\[[^]]*\]' "$work/document.json" > "$work/lacking"
echo '"not_in_source":["discretion","hit-strict","selection","weak-reason","text","explained","match","treated","bodycam","reflection","repeat"]' |
    cmp -s - "$work/lacking" && grep -q '{"field":"/stop/duration_min","source":"minneapolis"}' "$work/document.json"
check "what_the_source_does_not_have_is_named"
analyzer show "$run" --lang nl > "$work/shown"
grep -q 'Dit staat niet in de bron: eigen keuze van de agent, treffer strikt,' "$work/shown"
check "the_report_says_so"
tr -s ' \n' '  ' < "$work/shown" | grep -q 'Volglijst (D).*vaker doorzocht.*Een graad lager: bij minder dan 80% van de controles is een groep geregistreerd'
check "a_signal_that_a_doubt_lowered_says_so_on_the_watch_list"

# The kinds of search, by the query of the auditor's guide: the numbers of R's own table (personSearch by race).
awk '/^```sql$/ { query = ""; take = 1; next } /^```$/ { take = 0; if (query ~ /^-- search kinds/) printf "%s", query; query = "" }
    take { query = query $0 "\n" }' docs/user-guide/auditor.md > "$work/kinds.sql"
"$BINDIR/maatstaf-db" psql --home "$home" --as auditor -- -X -q -A -t -v ON_ERROR_STOP=1 -f "$work/kinds.sql" > "$work/kinds" 2>&1
for expected in "after_contact|black|clothing|3099|15220|0.20361" "after_contact|white|clothing|954|11703|0.08152"; do
    grep -qxF "$expected" "$work/kinds"
    check "the_auditor_gets_$expected" || head -5 "$work/kinds"
done

# A changed registration is found: verify names the cells and ends with 4.
"$BINDIR/maatstaf-db" psql --home "$home" -- -q -v ON_ERROR_STOP=1 \
    -c "ALTER TABLE registration.person_2017_06 DISABLE TRIGGER ALL" \
    -c "UPDATE registration.person_2017_06 SET searched = NOT searched
         WHERE (stop_id, person_seq) = (SELECT stop_id, person_seq FROM registration.person_2017_06
                                         WHERE searched IS NOT NULL ORDER BY stop_id LIMIT 1)" > "$work/log" 2>&1
analyzer verify "$run" > "$work/verified" 2>&1
[ $? -eq 4 ] && grep -q 'cells differ at' "$work/verified"
check "verify_finds_a_changed_registration"
exit $failed
