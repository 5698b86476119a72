#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# P15 fails closed: without a dictionary to judge texts by, no registration with a text is stored; the log says once why.
set -u
. tests/lib/check.sh
. tests/lib/sample.sh
export MAATSTAF_NOW=2026-11-21T12:00:00Z
cluster
sample_csv 40 > "$work/good.csv"
take "$work/good.csv"
same "with a dictionary the texts are stored" 40 "$(sql -c 'SELECT count(*) FROM registration.stop')"
head -1 sql/reference/settings.csv > "$work/settings.csv"
echo 'dictionaries,nl=/nowhere/nl_NL,none' >> "$work/settings.csv"
passes "the setting is changed" db load settings "$work/settings.csv"
sample_csv 5 100 > "$work/few.csv"
collector import "$work/few.csv" > "$work/report" 2> "$work/log"
same "without one nothing more is stored" 40 "$(sql -c 'SELECT count(*) FROM registration.stop')"
collector quarantine list > "$work/list"
same "all are set apart" 5 "$(grep -c E120 "$work/list")"
same "the log says why, once" 1 "$(grep -c 'no dictionary to judge texts by' "$work/log")"
has "and what to do" "install hunspell-nl" "$work/log"
has "the database keeps them sealed" 5 "$work/report"
exit $failed
