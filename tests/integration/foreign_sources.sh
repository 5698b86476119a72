#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The README's way with real foreign files, nothing loaded beforehand: each is taken in by its profile, its areas
# and time zone come along, and a month is analysed in local time. A choice that names nothing is refused.
set -u
BINDIR=$(cd "${BINDIR:-.}" && pwd)
data=${MAATSTAF_DATA:-../shared/data}
for file in mpls_stops/MplsStops.csv.gz london_haringey/haringey.csv.gz; do
    if [ ! -r "$data/$file" ]; then
        echo "skipped: foreign_sources: $data/$file is not here"
        exit 0
    fi
done
work=$(mktemp -d /tmp/maatstaf-foreign.XXXXXX)
home="$work/home"
chmod 755 "$work"
trap '"$BINDIR/maatstaf-db" stop --home "$home" >/dev/null 2>&1; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
says() { # name, pattern in the last output
    if grep -q -e "$2" "$work/out"; then echo "ok - $1"; else echo "not ok - $1: $(tail -3 "$work/out" | tr '\n' ' ')"; failed=1; fi
}
part() { # part, arguments: output of both streams in $work/out, with the status
    program=$1
    shift
    "$BINDIR/maatstaf-$program" "$@" --home "$home" > "$work/out" 2>&1
    echo "status $?" >> "$work/out"
}
gzip -dc "$data/mpls_stops/MplsStops.csv.gz" > "$work/mpls.csv"
gzip -dc "$data/london_haringey/haringey.csv.gz" > "$work/haringey.csv"

part db init
part db decide group-mode --mode perceived,self --decision T --dpia T --from 2017-01-01 --until 2027-12-31
part collector import --profile minneapolis "$work/mpls.csv"
says "all 51,920 stops of Minneapolis are accepted" "accepted  *51,920"
part collector import --profile data-police-uk "$work/haringey.csv"
says "6,998 stops of Haringey are accepted" "accepted  *6,998"
says "and 137 are duplicates" "duplicate  *137"
part analyzer run --month 2017-06
says "a month of Minneapolis is analysed" "status 0"
part analyzer show --month 2017-06 --lang en
says "with the 4,320 stops of its own June" "stopped 4,320 times"
part analyzer run --month 2021-03
says "a month of Haringey is analysed" "status 0"
part analyzer run --month 2021-03 --reference nope
says "an unknown reference is wrong usage" "status 2"
part analyzer run --month 2021-03 --area-set nope
says "an unknown area set is wrong usage" "status 2"
part analyzer run --month 2021-03 --group-list nope
says "an unknown group list is wrong usage" "status 2"
part db verify-ledger
says "the ledger holds" "0 differences"
exit $failed
