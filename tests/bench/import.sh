#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# How fast a file is taken in, beside what PostgreSQL itself needs to take the same values: simulated
# stops are imported into a fresh cluster; then the nine tables and the keys are written out as CSV and
# read by psql's \copy, in one transaction, into the same empty tables of a second fresh cluster.
# Same keys, same indexes, same durable settings, one session each.
#   tests/bench/import.sh [STOPS]     (default 100000)
set -eu
stops=${1:-100000}
BINDIR=$(cd "${BINDIR:-.}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/maatstaf-bench.XXXXXX")
chmod 755 "$work"
unset MAATSTAF_NOW || true
finish() {
    "$BINDIR/maatstaf-db" stop --home "$work/ours" > /dev/null 2>&1 || true
    "$BINDIR/maatstaf-db" stop --home "$work/theirs" > /dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
tables="registration.stop registration.person registration.action registration.find registration.result
    registration.free_text sensitive.person_group sensitive.person_trait sensitive.officer
    registration.source_key"

now() {
    date +%s.%N
}
sql() { # home, arguments of psql
    home=$1
    shift
    "$BINDIR/maatstaf-db" psql --home "$home" -- -X -q -v ON_ERROR_STOP=1 "$@"
}

# CPU seconds of a whole cluster: its live processes and those that it has waited for. On a machine that
# others use too this says more than the clock.
cpu() {
    postmaster=$(head -1 "$work/$1/data/postmaster.pid")
    { cat "/proc/$postmaster/stat"; cat $(grep -l "^PPid:[^0-9]*$postmaster\$" /proc/[0-9]*/status 2> /dev/null |
        sed "s/status\$/stat/"); } 2> /dev/null |
        awk -v hz="$(getconf CLK_TCK)" -v p="$postmaster" '{
            pid = $1; sub(/^.*\) /, ""); sum += $12 + $13; if (pid == p) sum += $14 + $15}
            END {print sum / hz}'
}

for home in ours theirs; do
    "$BINDIR/maatstaf-db" init --home "$work/$home" > /dev/null
done
"$BINDIR/maatstaf-db" decide group-mode --mode perceived --decision bench --dpia bench \
    --from 2020-01-01 --until 2040-01-01 --home "$work/ours" > /dev/null
"$BINDIR/maatstaf-simulate" --stops "$stops" --out "$work/sim" > /dev/null

cpu_before=$(cpu ours)
begin=$(now)
"$BINDIR/maatstaf-collector" import --json --home "$work/ours" "$work/sim/stops.ndjson" > "$work/report" &
pid=$!
peak=0
while kill -0 $pid 2> /dev/null; do
    rss=$(awk '/^VmHWM/ {print $2}' "/proc/$pid/status" 2> /dev/null || echo 0)
    [ "${rss:-0}" -gt "$peak" ] && peak=$rss
    sleep 0.2
done
wait $pid
end=$(now)
cpu_ours=$(cpu ours)
grep -o '"accepted":[0-9]*' "$work/report"
echo "$begin $end $stops $peak" | awk '{
    printf "import      %8.2f s  %8.0f stops/s  peak memory %.0f MiB\n", $2 - $1, $3 / ($2 - $1), $4 / 1024}'
rm -rf "$work/sim"

{
    echo "BEGIN;"
    sql "$work/ours" -At -c "SELECT format('SELECT ingest.ensure_partitions(%L, %L);', min(started_at), max(started_at)) FROM registration.stop" |
        sed 's/;$/ \\g \/dev\/null/'
    for t in $tables; do
        printf "%s\n" "\\copy $t FROM '$work/csv/$t' (FORMAT csv)"
    done
    echo "COMMIT;"
} > "$work/load.sql"
mkdir -m 777 "$work/csv"
for t in $tables; do
    sql "$work/ours" -c "\\copy (SELECT * FROM $t) TO '$work/csv/$t' (FORMAT csv)"
done
cpu_copy_before=$(cpu theirs)
begin_copy=$(now)
sql "$work/theirs" -f "$work/load.sql"
end_copy=$(now)
for t in $tables; do
    a=$(sql "$work/ours" -At -c "SELECT count(*) FROM $t")
    b=$(sql "$work/theirs" -At -c "SELECT count(*) FROM $t")
    [ "$a" = "$b" ] || { echo "$t: $a rows were imported, $b copied" >&2; exit 1; }
done
cpu_theirs=$(cpu theirs)
echo "$begin_copy $end_copy $stops $begin $end $cpu_before $cpu_ours $cpu_copy_before $cpu_theirs" | awk '{
    printf "psql \\copy  %8.2f s  %8.0f stops/s\nratio       %8.2f\n", $2 - $1, $3 / ($2 - $1),
        ($2 - $1) / ($5 - $4)
    printf "server CPU  %8.2f s for the import, %.2f s for \\copy: ratio %.2f\n", $7 - $6, $9 - $8,
        ($9 - $8) / ($7 - $6)}'
