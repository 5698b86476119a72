#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Runs every query of docs/user-guide/auditor.md as the auditor, and tries to write.
set -u
. tests/lib/check.sh
running=${MAATSTAF_TEST_HOME:?a running private cluster}
run() { "$BINDIR/maatstaf-db" psql --home "$running" --as auditor -- -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }

awk -v out="$work" '/^```sql$/ { n++; file = sprintf("%s/%02d.sql", out, n); next } /^```$/ { file = "" } file { print > file }' \
    docs/user-guide/auditor.md
count=0
for query in "$work"/*.sql; do
    count=$((count + 1))
    run -f "$query" > "$work/answer" 2> "$work/error"
    verdict $? "query $count of the auditor's guide runs" "$(head -1 "$work/error")"
    case $(cat "$query") in
    *"entry_hash <> sha256"*)
        [ ! -s "$work/answer" ]
        check "the chain computed in SQL holds"
        ;;
    esac
done
[ "$count" -ge 8 ]
verdict $? "the guide has its queries" "only $count found"
for statement in "DELETE FROM audit.ledger" "UPDATE registration.batch SET accepted = 0" "CREATE TEMP TABLE t (x int)" \
    "INSERT INTO reference.setting VALUES ('x', 'y')"; do
    ! run -c "$statement" > /dev/null 2>&1
    check "refused: $statement"
done
exit $failed
