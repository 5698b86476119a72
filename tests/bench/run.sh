#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Ours beside what others do with the same data on the same machine, in turns; README.md says what and why.
#   tests/bench/run.sh [--quick]          ROWS=1000000 ROUNDS=3 by default, --quick is 100000 and 1
# Exit status 1: a requirement is not met, or both sides did not do the same work.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
BINDIR=$(cd "${BINDIR:-.}" && pwd)
BUILD=${BUILD:-build}
rows=${ROWS:-1000000}
rounds=${ROUNDS:-3}
case "${1:-}" in
"") ;;
--quick) rows=${ROWS:-100000} rounds=${ROUNDS:-1} ;;
*) echo "usage: run.sh [--quick]" >&2; exit 2 ;;
esac
month=2026-10

for p in r-base-core r-cran-data.table; do
    dpkg-query -W -f '${Status}' "$p" 2> /dev/null | grep -q 'ok installed' || missing="${missing:-} $p"
done
if [ -n "${missing:-}" ]; then
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    # shellcheck disable=SC2086 # a list of package names
    $as_root apt-get install -y -qq --no-install-recommends $missing > /dev/null
fi

mkdir -p "$BUILD/tests/bench"
measure=$(cd "$BUILD/tests/bench" && pwd)/measure
"${CC:-gcc}" -std=c17 -O2 -Wall -Wextra -o "$measure" "$here/measure.c"

work=$(mktemp -d "${TMPDIR:-/tmp}/maatstaf-bench.XXXXXX")
chmod 755 "$work"
home="$work/home"
unset MAATSTAF_NOW MAATSTAF_HOME MAATSTAF_DB || true
finish() {
    "$BINDIR/maatstaf-db" stop --home "$home" > /dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

say() { echo "$*" >&2; }
fail() { say "bench: $*"; exit 1; }
sql() { # database, arguments of psql
    database=$1
    shift
    PGOPTIONS="-c client_min_messages=warning" psql -X -q -v ON_ERROR_STOP=1 -h "$socket" -U maatstaf \
        -d "$database" "$@"
}
# The database "maatstaf" anew, as a copy; then nothing is left to write that belongs to another run.
fresh() { # template
    sql postgres -c "DROP DATABASE IF EXISTS maatstaf" \
        -c "CREATE DATABASE maatstaf TEMPLATE $1 STRATEGY file_copy" -c CHECKPOINT
}
keep() { # name: the database as it is now, as a template
    sql postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1 TEMPLATE maatstaf STRATEGY file_copy"
}
timed() { # name, command…: adds a line "wall cpu rss" to the name's measurements
    name=$1
    shift
    "$measure" "$work/measured" "$@" > "$work/output" 2>&1 || { cat "$work/output" >&2; fail "$name failed"; }
    cat "$work/measured" >> "$work/$name"
    say "$(printf '  %-14s %s' "$name" "$(cut -d' ' -f1 "$work/measured") s")"
}
median() { # name, column
    cut -d' ' -f"$2" "$work/$1" | sort -n | awk '{x[NR] = $1} END {
        print NR % 2 ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2}'
}

# ---- what is given to both sides ---------------------------------------------------------------------

"$BINDIR/maatstaf-db" init --home "$home" > /dev/null
"$BINDIR/maatstaf-db" decide group-mode --mode perceived --decision bench --dpia bench \
    --from 2020-01-01 --until 2040-01-01 --home "$home" > /dev/null
socket=$(sed -n 's/^socket=//p' "$home/cluster")
[ "$(sql postgres -Atc "SHOW fsync")$(sql postgres -Atc "SHOW synchronous_commit")" = onon ] ||
    fail "the cluster is not durable"
sql maatstaf -c "SELECT ingest.ensure_partitions('2024-10-31', '2026-11-01')" > /dev/null
keep bench_empty
for form in csv ndjson; do
    "$BINDIR/maatstaf-simulate" --stops "$rows" --months 24 --last-month $month --seed 1 --format $form \
        --plan "$here/../simulator/plans/demo.json" --out "$work/sim" > /dev/null
done
say "$(($(wc -l < "$work/sim/stops.csv") - 1)) CSV rows, $(wc -l < "$work/sim/stops.ndjson") registrations, $rounds rounds"

# ---- import ------------------------------------------------------------------------------------------

ours() { # csv or ndjson
    fresh bench_empty
    timed "import-$1" "$BINDIR/maatstaf-collector" import --home "$home" "$work/sim/stops.$1"
}

# Every table that an import filled is written out, and the statements that read it back.
export_rows() {
    mkdir -m 777 "$work/csv"
    tables=$(sql maatstaf -At -c "
        SELECT c.oid::regclass FROM pg_class c
         WHERE c.relnamespace IN ('registration'::regnamespace, 'sensitive'::regnamespace,
                                  'analysis'::regnamespace)
           AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM (SELECT FROM '
                || c.oid::regclass || ' LIMIT 1) x', false, true, '')))[1]::text = '1'
         ORDER BY c.relname <> 'batch', c.oid")
    echo "BEGIN;" > "$work/load.sql"
    for t in $tables; do
        sql maatstaf -c "\\copy (SELECT * FROM $t) TO '$work/csv/$t' (FORMAT csv)"
        printf "%s\n" "\\copy $t FROM '$work/csv/$t' (FORMAT csv)" >> "$work/load.sql"
    done
    echo "COMMIT;" >> "$work/load.sql"
}
count_rows() {
    for t in $tables; do
        sql maatstaf -At -c "SELECT '$t', count(*) FROM $t"
    done
}
peer() { # csv or ndjson: what it stands beside
    fresh bench_empty
    timed "copy-$1" psql -X -q -v ON_ERROR_STOP=1 -h "$socket" -U maatstaf -d maatstaf -f "$work/load.sql"
}

round=0
while [ $((round += 1)) -le "$rounds" ]; do
    for form in csv ndjson; do
        ours $form
        if [ ! -d "$work/csv" ]; then
            sql maatstaf -c "VACUUM (ANALYZE)"
            keep bench_full
            export_rows
            fresh bench_full
            count_rows > "$work/counted"
        fi
        peer $form
        count_rows | cmp -s - "$work/counted" || fail "\\copy stored other rows than the import"
    done
done
rm -rf "$work/csv" "$work/sim"

# ---- analysis ----------------------------------------------------------------------------------------

mkdir "$work/r"
fresh bench_full
sql maatstaf -v folder="$work/r" -f "$here/export.sql"

round=0
while [ $((round += 1)) -le "$rounds" ]; do
    fresh bench_full
    timed analysis "$BINDIR/maatstaf-analyzer" run --month $month --models none --home "$home"
    fresh bench_full
    timed analysis-all "$BINDIR/maatstaf-analyzer" run --month $month --models all --home "$home"
    fresh bench_full
    sql maatstaf -c "TRUNCATE analysis.roll_up_cell, analysis.roll_up_reason, analysis.roll_up_batch, analysis.roll_up"
    timed analysis-from-rows "$BINDIR/maatstaf-analyzer" run --month $month --models none --home "$home"
    timed analysis-r Rscript "$here/analysis.R" "$work/r" $month "$work/r/figures.csv"
done
"$BINDIR/maatstaf-analyzer" show --month $month --format csv --home "$home" > "$work/figures.csv"
# Once more and not timed: R is told which places ours withholds, as they are one stratum of pooled figures.
Rscript "$here/analysis.R" "$work/r" $month "$work/r/figures.csv" 2000 "$work/figures.csv" > "$work/output" 2>&1 ||
    { cat "$work/output" >&2; fail "analysis-r with the places withheld failed"; }
same=yes
awk -f "$here/compare.awk" "$work/figures.csv" "$work/r/figures.csv" || same=no

# ---- what came out -----------------------------------------------------------------------------------

met=yes
line() { # what, ours, peer, ratio, required, is it met (0 or 1)
    verdict=met
    [ "$6" -eq 1 ] || { verdict="NOT MET"; met=no; }
    printf '%-48s %10s %10s %8s %10s  %s\n' "$1" "$2" "$3" "$4" "$5" "$verdict"
}
shown() { # what, our name, the peer's: nothing is required
    a=$(median "$2" 1)
    b=$(median "$3" 1)
    printf '%-48s %10s %10s %8s %10s\n' "$1" "$a" "$b" "$(echo "$a $b" | awk '{printf "%.2f", $2 / $1}')" -
}
ratio() { # what, our name, the peer's, least
    a=$(median "$2" 1)
    b=$(median "$3" 1)
    line "$1" "$a" "$b" "$(echo "$a $b" | awk '{printf "%.2f", $2 / $1}')" ">= $4" \
        "$(echo "$a $b $4" | awk '{print ($2 / $1 >= $3)}')"
}
printf '%-48s %10s %10s %8s %10s\n' "median of $rounds, $rows stops" ours peer ratio required
ratio "import CSV, s (peer: psql \\copy)" import-csv copy-csv 0.8
ratio "import NDJSON, s (peer: psql \\copy)" import-ndjson copy-ndjson 0.5
peak=$(cat "$work/import-csv" "$work/import-ndjson" | sort -k3,3n | tail -1 | cut -d' ' -f3)
line "peak memory of the collector, MiB" "$((peak / 1024))" - - "<= 128" "$((peak <= 131072))"
ratio "analysis of a month, s (peer: R)" analysis analysis-r 10
shown "the same when ours must count the rows first" analysis-from-rows analysis-r
whole=$(median analysis-all 1)
line "analysis of a month with all methods, s" "$whole" - - "< 60" "$(echo "$whole" | awk '{print ($1 < 60)}')"
peak=$(sort -k3,3n "$work/analysis-all" | tail -1 | cut -d' ' -f3)
line "peak memory of that, MiB" "$((peak / 1024))" - - "< 512" "$((peak < 524288))"
line "figures the same as R's" "$same" - - yes "$([ $same = yes ] && echo 1 || echo 0)"
[ $met = yes ]
