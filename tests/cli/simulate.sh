#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Registrations go to a file, a pipe or a folder; a terminal gets a hint instead of a million lines.
set -u
BINDIR=$(cd "${BINDIR:-.}" && pwd)
work=$(mktemp -d /tmp/maatstaf-simulate.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
check() { # text command…
    text=$1
    shift
    if "$@" > "$work/out" 2>&1; then echo "ok - $text"; else echo "not ok - $text: $(head -3 "$work/out")"; failed=1; fi
}
lines() { [ "$(wc -l < "$1")" -eq "$2" ]; }

"$BINDIR/maatstaf-simulate" --months 1 --stops 5 > "$work/five" 2> "$work/log"
check "five registrations go to a file" lines "$work/five" 5
if script -qec true /dev/null < /dev/null > /dev/null 2>&1; then
    script -qec "'$BINDIR/maatstaf-simulate' --months 1 --stops 5" /dev/null < /dev/null > "$work/seen" 2>&1
    status=$?
    check "a terminal is wrong usage" [ $status -eq 2 ]
    check "and is told what to do" grep -q -e "--out DIR" "$work/seen"
    check "and gets no registration" sh -c "! grep -q started_at '$work/seen'"
    script -qec "'$BINDIR/maatstaf-simulate' --months 1 --stops 5 --out '$work/folder'" /dev/null < /dev/null > "$work/seen" 2>&1
    check "a terminal with a folder is fine" lines "$work/folder/stops.ndjson" 5
else
    echo "skipped: simulate on a terminal: the program script, or a terminal for it, is not here"
fi
exit $failed
