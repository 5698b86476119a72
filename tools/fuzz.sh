#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Runs every fuzz target for a while from its corpus, two at a time, and prints a line for each:
# fuzz.sh SECONDS [TARGET…]. Exits 1 when something was found; what was found, and what the target
# said of it, stays in build/fuzz/found/TARGET. What a run learnt is kept there too, for the next.
set -eu
seconds="${1:-60}"
[ $# -eq 0 ] || shift
export OPENBLAS_NUM_THREADS=1 # a fuzzer is one process, and there are others

if [ $# -eq 0 ]; then
    for source in tests/fuzz/*.c; do
        set -- "$@" "$(basename "$source" .c)"
    done
fi

run_one() {
    folder="build/fuzz/found/$1"
    log="$folder/log"
    status=0
    mkdir -p "$folder/learnt"
    "build/fuzz/fuzz/$1" -max_total_time="$seconds" -max_len=8192 -timeout=30 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$folder/" \
        "$folder/learnt" "tests/fuzz/corpus/$1" > "$log" 2>&1 || status=$?
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    coverage=$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$log" | tail -1)
    if [ "$status" -eq 0 ]; then
        found=nothing
    else
        found=$(sed -n 's/.*\(does not hold: .*\)/\1/p; s/^SUMMARY: //p' "$log" | head -1)
        found="${found:-status $status}"
        touch "$folder/failed"
    fi
    printf '%-13s %12s executions %6s edges  found: %s\n' "$1" "${executions:-?}" "${coverage:-?}" "$found"
    [ "$status" -eq 0 ] || echo "              see $log"
}

rm -f build/fuzz/found/*/failed
while [ $# -gt 0 ]; do
    run_one "$1" &
    [ $# -eq 1 ] || run_one "$2" &
    wait
    shift
    [ $# -eq 0 ] || shift
done
for mark in build/fuzz/found/*/failed; do
    [ ! -e "$mark" ] || exit 1
done
