#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Runs every test against a private PostgreSQL cluster of its own and ends with one line:
# N passed, N failed, N skipped. LONG=1 adds the long runs. BUILD and BINDIR say where the programs are.
set -u
BUILD=${BUILD:-build}
BINDIR=${BINDIR:-.}
BINDIR=$(cd "$BINDIR" && pwd)
mkdir -p "$BUILD"
out="$BUILD/test-output"
rm -rf "$out"
mkdir -p "$out"
export BINDIR BUILD
export MAATSTAF_SKIPPED="$PWD/$out/skipped"
: > "$MAATSTAF_SKIPPED"
export CK_DEFAULT_TIMEOUT="${CK_DEFAULT_TIMEOUT:-300}"
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}"

MAATSTAF_TEST_HOME=$(mktemp -d /tmp/maatstaf-test.XXXXXX)
chmod 755 "$MAATSTAF_TEST_HOME"
export MAATSTAF_TEST_HOME
finish() {
    "$BINDIR/maatstaf-db" stop --home "$MAATSTAF_TEST_HOME" >/dev/null 2>&1
    rm -rf "$MAATSTAF_TEST_HOME"
}
trap finish EXIT
trap 'exit 130' INT TERM

passed=0
failed=0

check_suite() { # name: a Check program
    echo "== $1"
    "$BUILD/$1" > "$out/$1" 2>&1
    status=$?
    grep -E '^skipped: |[0-9]+%: Checks|:[FE]:' "$out/$1"
    line=$(grep -E '^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+' "$out/$1" | tail -1)
    total=$(echo "$line" | sed -E 's/.*Checks: ([0-9]+),.*/\1/')
    wrong=$(echo "$line" | sed -E 's/.*Failures: ([0-9]+),.*/\1/')
    broken=$(echo "$line" | sed -E 's/.*Errors: ([0-9]+).*/\1/')
    if [ -z "$line" ]; then
        echo "not ok - $1 did not finish (status $status)"
        tail -20 "$out/$1"
        failed=$((failed + 1))
        return
    fi
    bad=$((wrong + broken))
    passed=$((passed + total - bad))
    failed=$((failed + bad))
    if [ $status -ne 0 ] && [ $bad -eq 0 ]; then
        echo "not ok - $1 ended with status $status"
        tail -20 "$out/$1"
        failed=$((failed + 1))
    fi
}

script() { # file: prints "ok - …", "not ok - …" and "skipped: …" lines
    echo "== $1"
    name=$(basename "$1" .sh)
    sh "$1" > "$out/$name" 2>&1
    status=$?
    grep -E '^(not ok|skipped: )' "$out/$name"
    grep '^skipped: ' "$out/$name" | sed 's/^skipped: //' >> "$MAATSTAF_SKIPPED"
    good=$(grep -c '^ok' "$out/$name")
    bad=$(grep -c '^not ok' "$out/$name")
    echo "   $good ok, $bad not ok"
    passed=$((passed + good))
    failed=$((failed + bad))
    if [ $status -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "not ok - $1 ended with status $status"
        tail -20 "$out/$name"
        failed=$((failed + 1))
    fi
}

echo "== private cluster"
if ! "$BINDIR/maatstaf-db" init --home "$MAATSTAF_TEST_HOME" > "$out/cluster" 2>&1; then
    cat "$out/cluster"
    echo "not ok - the private cluster did not start"
    failed=1
fi
for suite in test-unit test-stat test-integration; do
    [ -x "$BUILD/$suite" ] && check_suite "$suite"
done
for s in tests/cli/*.sh tests/integration/*.sh tests/fault/torture.sh; do
    [ -e "$s" ] && script "$s"
done
if [ "${LONG:-}" = 1 ]; then
    for s in tests/long/*.sh tests/fault/planted.sh; do
        [ -e "$s" ] && script "$s"
    done
fi
skipped=$(wc -l < "$MAATSTAF_SKIPPED")
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
