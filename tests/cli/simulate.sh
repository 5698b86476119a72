#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Registrations go to a file, a pipe or a folder; a terminal gets a hint instead of a million lines.
set -u
. tests/lib/check.sh
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
lines() { [ "$(wc -l < "$1")" -eq "$2" ]; }

"$BINDIR/maatstaf-simulate" --months 1 --stops 5 > "$work/five" 2> "$work/log"
passes "five registrations go to a file" lines "$work/five" 5
if script -qec true /dev/null < /dev/null > /dev/null 2>&1; then
    script -qec "'$BINDIR/maatstaf-simulate' --months 1 --stops 5" /dev/null < /dev/null > "$work/seen" 2>&1
    status=$?
    passes "a terminal is wrong usage" [ $status -eq 2 ]
    passes "and is told what to do" grep -q -e "--out DIR" "$work/seen"
    passes "and gets no registration" sh -c "! grep -q started_at '$work/seen'"
    script -qec "'$BINDIR/maatstaf-simulate' --months 1 --stops 5 --out '$work/folder'" /dev/null < /dev/null > "$work/seen" 2>&1
    passes "a terminal with a folder is fine" lines "$work/folder/stops.ndjson" 5
else
    skip "simulate on a terminal" "the program script, or a terminal for it, is not here"
fi
exit $failed
