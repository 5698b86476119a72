#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The demonstration's table says what was found, what was not, and what there is no measure for.
set -u
. tests/lib/check.sh
shows() { has "$1" "$2" "$work/table"; } # name, text
printf 'x\tExes\nr1\tfirst reason\nW1\tOne\n' > "$work/labels"
cat > "$work/truth.json" <<'T'
{
  "cells": [
    {
      "buurt": "B1",
      "group": "x",
      "unregistered_stops": 1200
    },
    {
      "buurt": "B2",
      "group": "x",
      "unregistered_stops": 34
    }
  ],
  "plan": {
    "disparities": [
      {
        "factor": 2,
        "group": "x",
        "kind": "rate",
        "place": "W1"
      },
      {
        "factor": 1.5,
        "group": "x",
        "kind": "rate"
      },
      {
        "group": "x",
        "kind": "threshold",
        "shift": -0.5
      },
      {
        "code": "r1",
        "factor": 3,
        "group": "x",
        "kind": "reason"
      },
      {
        "factor": 0.5,
        "group": "x",
        "kind": "registration"
      },
      {
        "factor": 3,
        "group": "x",
        "kind": "rate",
        "place": "W6"
      }
    ],
    "name": "n"
  }
}
T
figures() { # flag of the place's ratio
    echo "measure,window,place,perspective,group,term,benchmark,value,lower,upper,q,flagged,guard,note"
    echo "rate-ratio,month,W1,after_contact,x,,residents,9,8,10,0.0001,yes,,"
    echo "rate-ratio,12-months,W1,before_contact,x,,residents,9,8,10,0.0001,yes,,"
    echo "rate-ratio,12-months,W1,after_contact,x,,residents,1.9,1.7,2.1,0.0001,$1,,"
    echo "pooled-rate-ratio,12-months,,after_contact,x,,residents,,,,,,A004,"
    echo "rate-ratio,12-months,W6,after_contact,x,,residents,3.1,2.9,3.3,0.0001,yes,A006,population-vintage"
    echo "threshold-difference,12-months,,after_contact,x,,,-0.092,-0.117,-0.068,0.0002,yes,,"
    echo "pooled-search-odds-ratio,12-months,,after_contact,x,,,0.8,0.7,0.9,0.01,yes,,"
    echo "reason-share,12-months,,after_contact,x,r1,,0.3,0.2,0.4,,,,"
    echo "reason-difference,12-months,,after_contact,x,r1,,0.2,0.1,0.3,0.02,yes,,"
}
table() { figures "$1" > "$work/figures" && awk -f tools/planted.awk "$work/labels" "$work/truth.json" "$work/figures" > "$work/table"; }
table yes
shows "the_twelve_months_after_contact_are_read" "2 times as often stopped: Exes in One;  1.90 (1.70 to 2.10, q < 0.001) times as often   yes"
shows "a_withheld_figure_is_named" "withheld (A004)                                 no figure"
shows "a_guard_that_only_warns_leaves_the_figure" "3.10 (2.90 to 3.30, q < 0.001) times as often   yes"
shows "a_guard_that_only_warns_is_named" "others there (A006)"
shows "what_has_no_measure_is_said" "no measure"
shows "a_finding_on_the_other_side_is_not_seen" "searches: odds ratio 0.80     no"
shows "a_threshold_is_held_against_its_own_figure" "threshold -9.2 percentage points (-11.7 to      yes"
shows "a_missing_figure_is_said" "hits: odds ratio not   no figure"
shows "shares_of_both_sides_stand_side_by_side" "stated for 30.0% of them and 10.0% of all"
shows "unregistered_stops_come_from_the_truth" "1,234"
table no
shows "what_does_not_stand_out_is_not_seen" "1.90 (1.70 to 2.10, q < 0.001) times as often   no"
# Signals: found is what has the same kind, group and place; the rest is said to be not planted there.
cat > "$work/signals" <<'S'
id,kind,level_of_place,place,perspective,group,grade,under,evidence,headline
1,stop-rate,wijk,W1,after_contact,x,B,,E1+ E3-,"One, and more"
2,stop-rate,wijk,W7,after_contact,x,C,,E1+,"elsewhere"
3,search,wijk,W1,after_contact,x,A,9,E3+,"a place of a threshold planted in the city"
4,stop-rate,city,,after_contact,y,C,,E1+,"another group than the one that is not registered"
5,stop-rate,wijk,W6,after_contact,x,D,,E1?,"on the watch list"
6,search,wijk,W2,after_contact,y,C,,E3+,"another group"
7,reasons,wijk,W1,after_contact,x,C,,E8+,"a place of what was planted in the city, and not found there"
8,reasons,wijk,W5,after_contact,y,D,,E8?,"on the watch list, and not planted"
9,search,city,,after_contact,x,B,,E3+,"the threshold of the city"
S
figures yes > "$work/figures" &&
    awk -f tools/planted.awk "$work/labels" "$work/truth.json" "$work/figures" "$work/signals" > "$work/table"
shows "a_signal_of_the_kind_group_and_place_is_found" "      found: B: One, Exes, stop-rate (E1+ E3-)"
same "and_nothing_else_is" 2 "$(grep -c '^      found: ' "$work/table")"
shows "how_many_were_found" "found: 2 of 6"
shows "the_watch_list_is_not_found" "not found, but on the watch list (D)"
shows "what_no_signal_speaks_of_is_said" "not found: no kind of signal speaks of it"
shows "places_told_under_what_is_found_in_the_city_stand_with_it" "and told under it: One (A)"
shows "a_place_alone_is_not_what_was_planted_in_the_city" "C: One, Exes, reasons"
shows "nor_is_another_place" "C: W7, Exes, stop-rate"
shows "nor_another_group" "C: whole city, y, stop-rate"
shows "they_are_counted" "grade A to C: 4, on the watch list (D): 1"
: > "$work/figures"
! awk -f tools/planted.awk "$work/labels" "$work/truth.json" "$work/figures" > "$work/table" 2> /dev/null
check "no_figures_is_a_failure"
exit $failed
