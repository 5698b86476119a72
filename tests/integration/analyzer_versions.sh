#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Corrections and withdrawals between two analyses of one month: the later run counts the latest versions once,
# the earlier run is still verified as of its own ledger entry, and roll-ups that were tampered with are found.
set -u
BINDIR=$(cd "${BINDIR:-.}" && pwd)
work=$(mktemp -d /tmp/maatstaf-versions.XXXXXX)
home="$work/home"
export MAATSTAF_NOW=2026-11-21T12:00:00Z
chmod 755 "$work"
trap '"$BINDIR/maatstaf-db" stop --home "$home" >/dev/null 2>&1; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
check() { # name: judges the status of the last command
    if [ $? -eq 0 ]; then echo "ok - $1"; else echo "not ok - $1"; failed=1; fi
}
analyzer() { "$BINDIR/maatstaf-analyzer" "$@" --home "$home"; }
take() { "$BINDIR/maatstaf-collector" import --home "$home" "$1" > "$work/report" 2>&1; }
persons() { # run: persons of the city in the month
    analyzer show "$1" --format csv --measure share-unknown-area |
        awk -F, '$4 == "month" {print $16}'
}

"$BINDIR/maatstaf-db" init --home "$home" > "$work/log" 2>&1 &&
    "$BINDIR/maatstaf-db" decide group-mode --home "$home" --mode perceived --decision TEST --dpia TEST \
        --from 2020-01-01 --until 2030-01-01 >> "$work/log" 2>&1 &&
    "$BINDIR/maatstaf-simulate" --months 2 --stops 400 --seed 3 --last-month 2026-10 --out "$work" \
        >> "$work/log" 2>&1 && take "$work/stops.ndjson"
check "simulated_registrations_are_taken_in" || cat "$work/log" "$work/report"
analyzer run --month 2026-10 > "$work/first" && first=$(sed -n 's/^run //p' "$work/first")
check "the_month_is_analysed"

# Ten stops of the month come again as version 2; three more are withdrawn.
grep '"started_at":"2026-10-1' "$work/stops.ndjson" | head -13 > "$work/chosen"
head -10 "$work/chosen" | sed 's/"tx_type":"I"/"tx_type":"U"/; s/"source_version":1/"source_version":2/;
    s/"bodycam":"[a-z_]*"/"bodycam":"not_worn"/g; s/,"bodycam_off_reason":"[a-z_]*"//g' > "$work/updates.ndjson"
tail -3 "$work/chosen" | sed 's/"tx_type":"I"/"tx_type":"W","withdrawal_reason":"registered twice"/;
    s/"source_version":1/"source_version":2/' > "$work/withdrawals.ndjson"
gone=$(tail -3 "$work/chosen" | grep -o '"role":' | wc -l)
take "$work/updates.ndjson" && grep -q 'accepted  *10$' "$work/report" && take "$work/withdrawals.ndjson" &&
    grep -q 'accepted  *3$' "$work/report"
check "corrections_and_withdrawals_are_taken_in" || cat "$work/report"

analyzer run --month 2026-10 > "$work/second" && second=$(sed -n 's/^run //p' "$work/second")
[ "$first" != "$second" ]
check "corrections_make_another_run"
[ "$(persons "$second")" -eq $(($(persons "$first") - gone)) ]
check "a_correction_counts_once_and_a_withdrawal_not_at_all"
analyzer verify "$second" > "$work/log" 2>&1
check "roll_ups_and_registrations_agree" || cat "$work/log"
analyzer verify "$first" > "$work/log" 2>&1
check "the_earlier_run_still_verifies_as_of_its_entry" || cat "$work/log"

third=none
"$BINDIR/maatstaf-db" psql --home "$home" -- -q -v ON_ERROR_STOP=1 \
    -c "UPDATE analysis.roll_up_cell SET sums[1] = sums[1] + 1
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM analysis.roll_up_cell
                                  WHERE month = 2026 * 12 + 9 AND perspective = 0 LIMIT 1))" > "$work/log" 2>&1 &&
    analyzer run --month 2026-10 > "$work/third" && third=$(sed -n 's/^run //p' "$work/third")
[ "$third" != none ]
check "a_roll_up_can_be_falsified" || cat "$work/log"
analyzer verify "$third" > "$work/log" 2>&1
[ $? -eq 4 ]
check "a_falsified_roll_up_is_found"
exit $failed
