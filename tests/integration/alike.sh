#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Like beside like, from registrations to figures: disparities that are planted are found where they are, and a city
# with nothing planted has little under 0.05. Through the whole chain; tests/stat/alike.c has the numbers against R.
set -u
. tests/lib/check.sh
analysed() { # name, arguments of the simulator: a home of its own, and the figures in <name>.csv
    name=$1
    home="$work/home-$name"
    shift
    cluster
    decided 2024-11-01 2026-12-31 &&
        "$BINDIR/maatstaf-simulate" --months 12 --last-month 2026-10 --out "$work/$name" "$@" >> "$work/log" 2>&1 || return 1
    collector import "$work/$name/stops.ndjson" >> "$work/log" 2>&1
    analyzer run --month 2026-10 > "$work/run" 2>> "$work/log" &&
        analyzer show --month 2026-10 --format csv > "$work/$name.csv"
}
# Prints the figures of a measure, one "place,group,term,value,p,q,guard" a line. Names of columns are looked up.
figures() { # name, measure
    awk -F, -v measure="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["measure"] == measure && $at["perspective"] == "after_contact" {
            print $at["place"] "," $at["group"] "," $at["term"] "," $at["value"] "," $at["p"] "," $at["q"] "," $at["guard"] }' \
        "$work/$1.csv"
}
found() { # name, measure, group, term, sign: whether the city's figure has it with q under 0.05
    figures "$1" "$2" | awk -F, -v group="$3" -v term="$4" -v sign="$5" \
        '$1 == "" && $2 == group && $3 == term && $6 != "" && $6 < 0.05 && sign * $4 > 2 { ok = 1 } END { exit !ok }'
}
# At least so many figures with a p, and no more than a tenth of them under 0.05.
even() { # name, measure, fewest
    figures "$1" "$2" | awk -F, -v measure="$2" -v fewest="$3" '$5 != "" { n++; low += $5 < 0.05 }
        END { printf "%s: %d of %d under 0.05\n", measure, low, n; exit !(n >= fewest && low <= n / 10) }'
}

analysed planted --stops 40000 --seed 5 --unit-overlap 0.2 --plan tests/simulator/plans/demo.json
check "a_city_with_disparities_is_analysed" || cat "$work/log"
found planted alike noord_afrikaans_turks_midden_oosters search 1
check "a_lower_threshold_shows_as_more_searches_in_similar_stops"
found planted alike noord_afrikaans_turks_midden_oosters outcome -1
check "and_as_fewer_hits"
found planted alike zwart explanation -1
check "a_group_told_less_is_found_in_similar_stops"
found planted index-gap zwart explanation -1
check "and_in_the_standardised_gap"
! found planted index-gap zwart reflection -1 && ! found planted index-gap zwart reflection 1
check "and_not_where_nothing_was_planted"
even planted team 20
check "units_that_share_places_are_compared_and_none_stands_out"
run=$(sed -n 's/^run //p' "$work/run")
analyzer verify "$run" | grep -q "the same to the byte"
check "the_run_is_computed_again_the_same"

analysed even --stops 40000 --seed 6
check "a_city_without_is_analysed" || cat "$work/log"
[ "$(figures even team | grep -c ',A009$')" -gt 50 ]
check "units_that_share_no_place_are_not_compared"
even even alike 100
check "nothing_planted_little_found_in_similar_stops"
even even index-gap 100
check "nor_in_standardised_gaps"
exit $failed
