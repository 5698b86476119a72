#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Imports every case of tests/cases/batch into a cluster of its own and compares the report with what
# the case expects. A case is a folder: make.sh (writes files into its working folder; sample.sh is
# loaded), args (one import a line; default input.csv), expected (about the last import) or
# expected.1, expected.2, … Lines of `expected`:
#   exit N | received N | accepted N | duplicate N | quarantined N | refused N | status WORD
#   message CODE COUNT | line CODE N, field CODE POINTER, person CODE N (of its first example)
#   fileonly CODE (an example without a line) | no CODE | unit TEXT | batches N | reason TEXT (part)
#   log TEXT (part of what stderr says)
# Run one with: tests/integration/cases.sh NAME…
set -u
. tests/lib/check.sh
root=$(pwd)
export MAATSTAF_NOW=2026-11-21T12:00:00Z

cluster

# Prints what a report says of one word; reports are canonical JSON, so keys are sorted.
counted() { # report key: a count of the batch, or the sum over batches
    grep -o "\"$2\":[0-9]*" "$1" | awk -F: '{sum += $2} END {print sum + 0}'
}
message() { # report code: how often the rule spoke
    grep -o "{\"code\":\"$2\",\"count\":[0-9]*,\"examples\"" "$1" | sed 's/.*"count":\([0-9]*\).*/\1/' |
        awk '{sum += $1} END {print sum + 0}'
}
first() { # report code: the first example of a rule
    grep -o "{\"code\":\"$2\",\"count\":[0-9]*,\"examples\":\[[^]}]*[]}]" "$1" | head -1 |
        sed 's/.*"examples":\[//'
}

holds() { # report status word first second: says what is wrong, or nothing
    case $3 in
    exit) [ "$2" = "$4" ] || echo "exit status is $2, not $4" ;;
    received | accepted | duplicate | quarantined | refused)
        is=$(counted "$1" "$3")
        [ "$is" = "$4" ] || echo "$3 is $is, not $4" ;;
    status) grep -q "\"status\":\"$4\"" "$1" || echo "status is not $4" ;;
    message)
        is=$(message "$1" "$4")
        [ "$is" = "$5" ] || echo "$4 spoke $is times, not $5" ;;
    line)
        is=$(first "$1" "$4" | grep -o '"line":[0-9]*')
        [ "$is" = "\"line\":$5" ] || echo "$4 is first at $is, not line $5" ;;
    field)
        is=$(first "$1" "$4" | grep -o '"field":"[^"]*"')
        [ "$is" = "\"field\":\"$5\"" ] || echo "$4 is first at $is, not $5" ;;
    person)
        is=$(first "$1" "$4" | grep -o '"person_seq":[0-9]*')
        [ "$is" = "\"person_seq\":$5" ] || echo "$4 is first of $is, not person $5" ;;
    fileonly) [ "$(first "$1" "$4")" = "]" ] || echo "$4 has a line: $(first "$1" "$4")" ;;
    unit) grep -q "\"unit\":\"$4 $5\"" "$1" || echo "the unit is not $4 $5" ;;
    log) grep -q "$4${5:+ $5}" "$work/log" || echo "stderr does not say: $4 ${5:-}" ;;
    no) grep -q "\"code\":\"$4\",\"count\":[0-9]*,\"examples\"" "$1" && echo "$4 spoke" ;;
    batches)
        is=$(grep -o '"batch_id"' "$1" | wc -l)
        [ "$is" -eq "$4" ] || echo "$is batches are reported, not $4" ;;
    reason) grep -q "\"reason\":\"[^\"]*$4${5:+ $5}" "$1" || echo "the reason does not say: $4 ${5:-}" ;;
    *) echo "unknown expectation $3" ;;
    esac
}

# The identity that holds for every report, whatever the case.
balanced() {
    [ "$(counted "$1" received)" -eq $(($(counted "$1" accepted) + $(counted "$1" duplicate) + \
        $(counted "$1" quarantined) + $(counted "$1" refused))) ] || echo "the counts do not add up"
}

run_case() { # folder
    case_dir="$root/$1"
    dir="$work/run"
    rm -rf "$dir"
    mkdir "$dir"
    cd "$dir" || exit 1
    SOURCE=$(basename "$1" | tr 'A-Z' 'a-z' | cut -c1-40)
    export SOURCE
    # shellcheck source=/dev/null
    if ! (. "$root/tests/lib/sample.sh" && . "$case_dir/make.sh") > "$work/made" 2>&1; then
        cat "$work/made"
        echo "make.sh failed"
        return
    fi
    if [ -e "$case_dir/args" ]; then cp "$case_dir/args" "$work/args"; else echo input.csv > "$work/args"; fi
    n=0
    while read -r args; do
        n=$((n + 1))
        # Arguments are split and globbed on purpose.
        # shellcheck disable=SC2086
        collector import --json $args > "$work/report" 2> "$work/log"
        status=$?
        expected="$case_dir/expected.$n"
        [ -e "$expected" ] || expected="$case_dir/expected"
        [ -e "$case_dir/expected.$n" ] || [ $n -eq "$(wc -l < "$work/args")" ] || continue
        balanced "$work/report"
        while read -r word first second; do
            [ -z "$word" ] || holds "$work/report" $status "$word" "$first" "$second"
        done < "$expected"
    done < "$work/args"
    cd "$root" || exit 1
}

if [ $# -eq 0 ]; then
    for c in tests/cases/batch/*/; do
        set -- "$@" "$(basename "$c")"
    done
fi
for c in "$@"; do
    wrong=$(run_case "tests/cases/batch/$c")
    [ -z "$wrong" ]
    verdict $? "batch case $c" "$(echo "$wrong" | tr '\n' ';')" || [ -z "${VERBOSE:-}" ] || cat "$work/report" "$work/log"
done
cd "$root" || exit 1
passes "the ledger verifies after all cases" db verify-ledger
exit $failed
