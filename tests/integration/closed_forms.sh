#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# A simulated year through the whole chain; then the counts that the run shows are given to `analyzer fit`,
# which must come to the same robust tests, funnels, shrunk ratios, tipping points, bounds and regressions.
# A named reference, so that every count that a figure rests on stands in the run.
set -u
. tests/lib/check.sh
reference=wit_europees
fit() { "$BINDIR/maatstaf-analyzer" fit "$@"; }

cluster
decided 2025-01-01 2026-12-31 &&
    "$BINDIR/maatstaf-simulate" --months 12 --stops 30000 --seed 3 --last-month 2026-10 \
        --plan tests/simulator/plans/demo.json --out "$work" >> "$work/log" 2>&1 &&
    collector import "$work/stops.ndjson" >> "$work/log" 2>&1
[ $? -le 3 ] && analyzer run --month 2026-10 --reference $reference \
    --models none >> "$work/log" 2>&1
check "the_year_is_analysed" || tail -5 "$work/log"
analyzer show --month 2026-10 --format csv | tr -d '\r' > "$work/figures.csv"

# measure method term level place group value lower upper n events exposure guard p; twelve months, after contact.
awk -F, '$4 == "12-months" && ($7 == "after_contact" || $7 == "") && ($5 == "city" || $5 == "wijk") {
    print $1 "|" $2 "|" $10 "|" $5 "|" ($6 == "" ? "city" : $6) "|" ($8 == "" ? "everybody" : $8) "|" \
        $12 "|" $13 "|" $14 "|" $16 "|" $17 "|" $18 "|" $25 "|" $19 "|" $11 "|" $26 }' "$work/figures.csv" > "$work/ours"

# One figure of `fit` a line: name|method|term|place|group|value|lower|upper|p
flat() {
    sed 's/^.*"figures":\[//; s/},{/}\n{/g' | awk '
        function of(key,   s) {
            if (!match($0, "\"" key "\":(\"[^\"]*\"|[^,}]*)")) return ""
            s = substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3); gsub(/"/, "", s); return s }
        { print of("name") "|" of("method") "|" of("term") "|" of("place") "|" of("group") "|" of("value") "|" \
              of("lower") "|" of("upper") "|" of("p") }'
}
near='function far(a, b,   d, m) { if (a == "" || b == "") return a != b
          d = a - b; if (d < 0) d = -d; m = b < 0 ? -b : b; return d > 1e-9 * (m > 1 ? m : 1) }'
judge() { # name, fewest compared: reads "compared N, D differ" as the last line of $work/compared
    tail -4 "$work/compared"
    awk -v least="$2" 'END { exit !($2 + 0 >= least && $3 + 0 == 0) }' "$work/compared"
    check "$1"
}

# ---- robust: searches, where it is known of every search whether it hit
awk -F'|' '$13 == "" && ($1 == "search-rate" || $1 == "hit-rate-strict") && $6 != "everybody" {
        if ($1 == "search-rate") { stops[$5, $6] = $10; searches[$5, $6] = $11 } else { known[$5, $6] = $10; hits[$5, $6] = $11 } }
    END { print "place,group,stops,searches,hits"
        for (k in stops) if (k in known && known[k] == searches[k]) { split(k, at, SUBSEP)
            print at[1] "," at[2] "," stops[k] "," searches[k] "," hits[k] } }' "$work/ours" > "$work/cells.csv"
fit robust --reference $reference "$work/cells.csv" | flat > "$work/theirs"
awk -F'|' "$near"' NR == FNR { if ($1 == "robust") { value[$4, $5, $2] = $6; p[$4, $5, $2] = $9 } next }
    $1 == "robust" && $2 == "hybrid" && $3 == "search" && $7 != "" && ($5, $6, "score") in p { n++
        if (far($14, p[$5, $6, "score"]) && far($14, p[$5, $6, "exact"]) ||
            $7 != value[$5, $6, "score"] && $7 != value[$5, $6, "exact"]) {
            print $5 " " $6 ": p " $14 ", fit " p[$5, $6, "score"] " or " p[$5, $6, "exact"]; bad++ } }
    END { print "compared " n + 0 " " bad + 0 " differ" }' "$work/theirs" "$work/ours" > "$work/compared"
judge "robust_tests_are_those_of_fit" 6

grep -v '^city,' "$work/cells.csv" > "$work/places.csv"
fit robust --reference $reference "$work/places.csv" | flat > "$work/theirs"
awk -F'|' "$near"' NR == FNR { if ($1 == "robust" && $2 == "pooled") { value[$5] = $6; p[$5] = $9 } next }
    $1 == "robust" && $2 == "pooled" && $3 == "search" && $7 != "" { n++
        if (far($14, p[$6]) || $7 != value[$6]) { print $6 ": p " $14 ", fit " p[$6]; bad++ } }
    END { print "compared " n + 0 " " bad + 0 " differ" }' "$work/theirs" "$work/ours" > "$work/compared"
judge "the_pooled_robust_test_is_that_of_fit" 1

# ---- funnels
for term in stop search hit; do
    awk -F'|' -v term=$term 'BEGIN { m["stop"] = "stop-rate"; m["search"] = "search-rate"; m["hit"] = "hit-rate-strict"
            print "place,group,count," (term == "stop" ? "exposure" : "n") }
        $1 == m[term] && $4 == "wijk" && $7 != "" && (term != "hit" || $10 >= 50) {
            print $5 "," $6 "," $11 "," (term == "stop" ? $12 : $10) }' "$work/ours" > "$work/cells.csv"
    fit funnel "$work/cells.csv" | flat > "$work/theirs"
    awk -F'|' -v term=$term "$near"' NR == FNR { if ($1 == "funnel-outer") { l[$4, $5, $2] = $7; u[$4, $5, $2] = $8 } next }
        $1 == "funnel" && $3 == term { n++; how = $16 ~ /overdispersed/ ? "overdispersed" : "exact"; s = term == "stop" ? 1000 : 1
            if (far($8 / s, l[$5, $6, how]) || far($9 / s, u[$5, $6, how])) {
                print $5 " " $6 ": " $8 " to " $9 ", fit " l[$5, $6, how] " to " u[$5, $6, how]; bad++ } }
        END { print "compared " n + 0 " " bad + 0 " differ" }' "$work/theirs" "$work/ours" > "$work/compared"
    judge "funnels_of_${term}_are_those_of_fit" 20
done

# ---- stops of a group and of the reference, with residents, where the ratio is shown
awk -F'|' -v ref=$reference '$1 == "stop-rate" && $7 != "" { x[$5, $6] = $11; n[$5, $6] = $12 }
    $1 == "rate-ratio" && $7 != "" && $15 == "residents" { shown[$5, $6] = $4 }
    END { for (k in shown) { split(k, at, SUBSEP)
        print at[1] "|" at[2] "|" shown[k] "|" x[k] "|" n[k] "|" x[at[1], ref] "|" n[at[1], ref] } }' \
    "$work/ours" | sort > "$work/pairs"

{ echo "place,group,count,exposure"
  awk -F'|' '$3 == "wijk" && $6 > 0 { printf "%s,%s,%s,%.17g\n", $1, $2, $4, $5 * $6 / $7 }' "$work/pairs"; } > "$work/cells.csv"
fit shrink "$work/cells.csv" | flat > "$work/theirs"
awk -F'|' "$near"' NR == FNR { if ($1 == "shrunken-rate") { v[$4, $5] = $6; l[$4, $5] = $7; u[$4, $5] = $8 } next }
    $1 == "shrunk-ratio" { n++
        if (far($7, v[$5, $6]) || $8 != "" && (far($8, l[$5, $6]) || far($9, u[$5, $6]))) { print $5 " " $6 ": " $7 ", fit " v[$5, $6]; bad++ } }
    END { print "compared " n + 0 " " bad + 0 " differ" }' "$work/theirs" "$work/ours" > "$work/compared"
judge "shrunk_ratios_are_those_of_fit" 50

{ echo "place,group,count,exposure"
  awk -F'|' -v ref=$reference '{ print $1 "," $2 "," $4 "," $5; if (!($1 in seen)) print $1 "," ref "," $6 "," $7; seen[$1] = 1 }' \
      "$work/pairs"; } > "$work/cells.csv"
fit tipping --reference $reference "$work/cells.csv" | flat > "$work/theirs"
awk -F'|' "$near"' NR == FNR { if ($1 == "tipping-share" && $2 == "equal") v[$4, $5] = $6; next }
    $1 == "tipping" && $2 == "exact" { n++; if (far($7, v[$5, $6])) { print $5 " " $6 ": " $7 ", fit " v[$5, $6]; bad++ } }
    END { print "compared " n + 0 " " bad + 0 " differ" }' "$work/theirs" "$work/ours" > "$work/compared"
judge "tipping_points_are_those_of_fit" 10

for family in quasipoisson negbin; do
    for group in $(awk -F'|' '$3 == "wijk" { print $2 }' "$work/pairs" | sort -u); do
        { echo "place,group,count,exposure"
          awk -F'|' -v ref=$reference -v g="$group" '$3 == "wijk" && $2 == g {
              print $1 "," g "," $4 "," $5; print $1 "," ref "," $6 "," $7 }' "$work/pairs"; } > "$work/cells.csv"
        fit poisson --family $family --formula 'group + place' --reference $reference "$work/cells.csv" | flat |
            awk -F'|' -v g="$group" '$1 == "coefficient" && $3 == "group" g { print g "|" $6 "|" $7 "|" $8 "|" $9 }'
    done > "$work/theirs"
    awk -F'|' -v family=$family "$near"' NR == FNR { v[$1] = exp($2); l[$1] = exp($3); u[$1] = exp($4); p[$1] = $5; next }
        $1 == "glm-ratio" && $2 == family && $7 != "" { n++
            if (far($7, v[$6]) || far($8, l[$6]) || far($9, u[$6]) || far($14, p[$6])) { print $6 ": " $7 " " $14 ", fit " v[$6] " " p[$6]; bad++ } }
        END { print "compared " n + 0 " " bad + 0 " differ" }' "$work/theirs" "$work/ours" > "$work/compared"
    judge "${family}_ratios_are_those_of_fit" 3
done

# ---- bounds of searches, whole city
{ echo "place,group,k,n"
  awk -F'|' '$1 == "search-rate" && $4 == "city" && $6 != "everybody" && $7 != "" { print $5 "," $6 "," $11 "," $10 }' "$work/ours"; } > "$work/cells.csv"
fit bounds --reference $reference --steps 10 "$work/cells.csv" | flat > "$work/theirs"
awk -F'|' "$near"' NR == FNR { if ($1 == "effect-on-stopped" && $4 == "city") { sub(/rho /, "", $3); l[$5, $3 * 10] = $7; u[$5, $3 * 10] = $8 } next }
    $1 == "search-bounds" { n++; if (far($8, l[$6, $3 * 10]) || far($9, u[$6, $3 * 10])) { print $6 " " $3 ": " $8 " to " $9 ", fit " l[$6, $3 * 10] " to " u[$6, $3 * 10]; bad++ } }
    END { print "compared " n + 0 " " bad + 0 " differ" }' "$work/theirs" "$work/ours" > "$work/compared"
judge "bounds_are_those_of_fit" 30

# ---- no row of a place rests on numbers that the run withholds
awk -F'|' 'NR == FNR { if ($1 == "stop-rate" && $13 == "A001") small[$5, $6] = 1; next }
    ($1 == "robust" && $3 == "stop" || $1 == "shrunk-ratio" || $1 == "tipping" || $1 == "funnel" && $3 == "stop") &&
    $7 != "" { n++; if (($5, $6) in small) { print $1 " of " $6 " in " $5; bad++ } }
    END { print "compared " n + 0 " " bad + 0 " differ" }' "$work/ours" "$work/ours" > "$work/compared"
judge "withheld_counts_have_no_figures_of_these_either" 100

exit $failed
