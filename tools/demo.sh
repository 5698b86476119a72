#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The main job, from nothing to a report, on a simulated city. `make demo` builds first and calls this.
set -eu
home=${MAATSTAF_HOME:-.maatstaf}
data="$home/demo"
month=2026-10
mkdir -p "$home"
MAATSTAF_HOME=$home
export MAATSTAF_HOME

say() { printf '\n== %s\n' "$*"; }

say "1. a private PostgreSQL cluster in $home, with The Hague's reference figures"
./maatstaf db init

say "2. the decision that perceived group may be registered (without it such records are refused)"
./maatstaf db decide group-mode --mode perceived --decision DEMO-2024-1 --dpia DEMO-DPIA-1 \
    --from 2024-11-01 --until 2026-12-31

say "3. 24 months of stops that never happened, with disparities planted"
./maatstaf simulate --months 24 --stops 120000 --seed 1 --last-month $month --unit-overlap 0.2 \
    --plan tests/simulator/plans/demo.json --out "$data"

say "4. into the database"
status=0
./maatstaf collector import "$data/stops.ndjson" || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 3 ] || exit "$status"

say "5. the analysis of $month"
./maatstaf analyzer run --month $month
./maatstaf analyzer show --month $month --format text --lang en > "$data/analysis-$month.txt"
./maatstaf analyzer show --month $month --format html --lang nl > "$data/analysis-$month.html"
./maatstaf analyzer show --month $month --format csv > "$data/analysis-$month.csv"
./maatstaf analyzer show --month $month --signals --format csv > "$data/signals-$month.csv"

say "6. what the analysis says"
sed '/^How to read this/,$d' "$data/analysis-$month.txt"

say "7. what was planted, and what the analysis found of it in twelve months"
./maatstaf analyzer show --month $month --format json |
    grep -oE '"[a-z_]+":\{"en":"[^"]*"|"(WK|BU)[0-9]+":"[^"]*"' |
    sed -E 's/^"([^"]*)":(\{"en":)?"([^"]*)".*/\1	\3/' > "$data/labels"
awk -f tools/planted.awk "$data/labels" "$data/truth.json" "$data/analysis-$month.csv" \
    "$data/signals-$month.csv"

cat <<T

The whole analysis:
  less $data/analysis-$month.txt
  xdg-open $data/analysis-$month.html      (Dutch; a plain page, open it in any browser)
  $data/analysis-$month.csv               (every figure)
  $data/signals-$month.csv                (every signal)
  $data/truth.json                        (what was really planted)
Look into the database:  ./maatstaf db psql --as auditor
Check the ledger:        ./maatstaf db verify-ledger
Stop the cluster:        ./maatstaf db stop
T
