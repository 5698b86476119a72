#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Runs docs/user-guide/reference-data.md: its files, its commands in their order, and what they say.
set -u
. tests/lib/check.sh
mkdir "$work/page"
awk -v out="$work/page" '
    /^```csv / { file = out "/" $2; next }
    /^```sh$/ { file = sprintf("%s/%02d.sh", out, ++n); next }
    /^```text$/ { file = sprintf("%s/%02d.text", out, n); next }
    /^```$/ { if (file) close(file); file = ""; next }
    file { print > file }' docs/user-guide/reference-data.md
cluster
# A message may go on in another line, with a remedy: the page has the first.
count=0
for commands in "$work"/page/*.sh; do
    count=$((count + 1))
    (cd "$work/page" && PATH="$BINDIR:$PATH" MAATSTAF_HOME="$home" sh "$commands") 2>&1 |
        awk '!/^ / && !/^hint: /' > "$work/said"
    same "commands $count of the page say what it has" "$(cat "${commands%.sh}.text")" "$(cat "$work/said")"
done
[ $count -ge 9 ]
check "the page has commands of every kind" || ls "$work/page"
for kind in $("$BINDIR/maatstaf-db" --help | sed -n 's/^ *load \([a-z-]*\) .*/\1/p'); do
    has "the page loads $kind" "maatstaf db load $kind " "$work"/page/*.sh
done
same "rows are where they belong" "3 6 2 2 2 2 3 1" "$(sql -F' ' -c "SELECT
    (SELECT count(*) FROM reference.area WHERE area_set = 'town'),
    (SELECT count(*) FROM reference.population WHERE area_set = 'town' AND source = 'town register 2026'),
    (SELECT count(*) FROM reference.bridge WHERE version LIKE 'town-%'),
    (SELECT count(*) FROM reference.benchmark WHERE family = 'traffic'),
    (SELECT count(*) FROM reference.control_total WHERE unit_code IN ('all', 'HGL-01')),
    (SELECT count(*) FROM reference.area_order_area WHERE order_id = '2026-07'),
    (SELECT count(*) FROM reference.code WHERE list = 'perceived_group:town'),
    (SELECT count(*) FROM reference.setting WHERE name = 'time_zone:town')")"
exit $failed
