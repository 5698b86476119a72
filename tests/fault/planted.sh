#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Every planted fault is caught by the test of its promise: builds PLANTED=name, runs that test on it, and wants the
# failure that names the breach. NAMES="no-dedup no-screen" does some of them. Objects that do not look at
# common/fault.h are the same in every build and are taken from the ordinary one.
set -u
. tests/lib/check.sh
BUILD=${BUILD:-build}
names=${NAMES:-ack-before-commit no-dedup skip-last-line no-screen no-reaper grant-too-much keep-identifier}

build() { # name target…: in build/planted-name
    planted="build/planted-$1"
    name=$1
    shift
    mkdir -p "$planted"
    (cd "$BUILD" && find analyzer collector common sql tests gen -name '*.[chod]' -print0 | tar -c --null -T - -f -) |
        tar -x -C "$planted" -f -
    find "$planted" -name '*.d' -exec sed -i "s|$BUILD/|$planted/|g" {} +
    find "$planted" -name '*.d' -exec grep -lF common/fault.h {} + | sed 's/\.d$/.o/' | xargs rm -f
    rm -f "$planted"/gen/queries.* "$planted"/gen/scripts.*
    bin="$work/bin-$name"
    mkdir -p "$bin"
    for one in "$BINDIR"/maatstaf "$BINDIR"/maatstaf-*; do
        ln -s "$one" "$bin/"
    done
    for one in "$@"; do
        make --no-print-directory -s -j2 PLANTED="$name" "$planted/$one" > "$work/log" 2>&1 || return 1
        case $one in maatstaf*) ln -sf "$PWD/$planted/$one" "$bin/$one" ;; esac
    done
}
caught() { # breach (extended regular expression) command…: fails on the planted build, for the right reason
    breach=$1
    reached=yes
    shift
    "$@" > "$work/out" 2>&1
    status=$?
    line=$(grep -aE -m 1 "$breach" "$work/out" | cut -c 1-120)
    [ $status -ne 0 ] && [ -n "$line" ]
    verdict $? "PLANTED=$name is caught: ${line:-}" "status $status, $(tail -5 "$work/out")"
}
torture() { # kinds rounds
    BINDIR="$bin" FAULTS="$planted" KINDS="$1" ROUNDS="$2" sh tests/fault/torture.sh
}
suite() { # of the unit tests
    CK_RUN_SUITE="$1" CK_DEFAULT_TIMEOUT=120 "$planted/test-unit"
}

plant_ack_before_commit() {
    build "$1" maatstaf-collector && caught '^not ok - acknowledged [0-9]+, lost [1-9]' torture held 3
}
plant_no_dedup() {
    build "$1" maatstaf-collector && caught '^not ok - acknowledged [0-9]+, double [1-9]' torture collector 2
}
plant_skip_last_line() {
    build "$1" maatstaf-collector &&
        caught '^not ok - batch case F03-no-final-newline-ndjson' env BINDIR="$bin" sh tests/integration/cases.sh F03-no-final-newline-ndjson
}
plant_no_screen() {
    build "$1" test-unit && caught ':[FE]:' suite http_screen
}
plant_no_reaper() {
    build "$1" test-unit && caught ':[FE]:' suite http_slow
}
plant_grant_too_much() {
    build "$1" maatstaf-db test-integration && "$bin/maatstaf-db" init --home "$home" > "$work/log" 2>&1 &&
        caught ':F:' env MAATSTAF_TEST_HOME="$home" BINDIR="$bin" CK_RUN_SUITE=sql_roles "$planted/test-integration"
}
plant_keep_identifier() {
    build "$1" maatstaf-collector && caught '^not ok - ' env BINDIR="$bin" sh tests/cli/canary.sh
}

tried=0
for one in $names; do
    tried=$((tried + 1))
    reached=
    "plant_$(echo "$one" | tr - _)" "$one"
    [ -n "$reached" ] || verdict 1 "PLANTED=$one builds" "$(tail -5 "$work/log")"
done
echo "planted faults tried: $tried"
exit $failed
