#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# A collector that dies in the middle of a file leaves nothing of it; the second run brings every row
# once (P1, P2; F16). kill -9 of the collector and of its server process at random moments, SIGTERM,
# and two collectors on one file. ROUNDS (default 4) rounds.
set -u
. tests/lib/check.sh
rounds=${ROUNDS:-4}
rows=20000
export MAATSTAF_NOW=2026-11-21T12:00:00Z
. tests/lib/sample.sh

stored() { # source system: rows of stops, then of keys that point at them
    sql -c "SELECT count(*) || ' ' || count(DISTINCT s.stop_id) || ' ' || count(k.stop_id)
            FROM registration.stop s LEFT JOIN registration.source_key k
              ON k.stop_id = s.stop_id AND k.ledger_from = s.ledger_from WHERE s.source_system = '$1'"
}
start() { # in the background; $pid is the program's own
    "$BINDIR/maatstaf-collector" import --json --home "$home" "$1" > "$work/report" 2> "$work/log" &
    pid=$!
}
judged() { # as verdict, and shows the log
    verdict "$@" || cat "$work/log"
}
delay() { # round try: a moment between 0.05 and 1.2 s, shorter with each try
    awk -v seed="$$$1$2" -v try="$2" 'BEGIN {srand(seed); printf "%.2f", 0.05 + 1.15 * rand() / try}'
}

cluster

# Starts an import and kills $3 in its middle; false when it was over before.
kill_one() { # round try victim
    SOURCE="crash-$1-$2"
    sample_csv $rows > "$work/$SOURCE.csv"
    start "$work/$SOURCE.csv"
    sleep "$(delay "$1" "$2")"
    victim=$pid
    i=0
    while [ "$3" = backend ] && kill -0 "$pid" 2> /dev/null && [ $i -lt 50 ]; do
        i=$((i + 1))
        victim=$(sql -c "SELECT pid FROM pg_stat_activity WHERE xact_start IS NOT NULL
                         AND pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 1")
        [ -n "$victim" ] && break
    done
    kill -0 "$pid" 2> /dev/null && [ -n "$victim" ] && kill -9 "$victim" 2> /dev/null
}

server_is_back() { # a killed server process makes the server restart
    i=0
    while [ $i -lt 100 ] && ! sql -c "SELECT 1" > /dev/null 2>&1; do
        sleep 0.1
        i=$((i + 1))
    done
}

# Kills $2 (the collector or its server process) in the middle of an import and runs it again. Killed after
# COMMIT it was too late: everything is there, and another try is made sooner.
round() { # number victim
    try=1
    after_kill=
    while true; do
        killed=no
        kill_one "$1" $try "$2" && killed=yes
        wait "$pid"
        ended=$?
        server_is_back
        after_kill=$(stored "$SOURCE")
        [ $killed = yes ] && [ "$after_kill" != "$rows $rows $rows" ] && break
        try=$((try + 1))
        if [ $try -gt 6 ]; then
            verdict 1 "round $1: the import was always over before it could be killed"
            return
        fi
    done
    start "$work/$SOURCE.csv"
    wait "$pid"
    again=$?
    [ $ended -ne 0 ] && [ "$after_kill" = "0 0 0" ] && [ $again -eq 0 ] &&
        [ "$(stored "$SOURCE")" = "$rows $rows $rows" ]
    judged $? "round $1: $2 killed, nothing was left, the second run stored $rows of $rows once" \
        "status $ended, then $after_kill, again $again: $(stored "$SOURCE")"
}

n=0
while [ $n -lt "$rounds" ]; do
    n=$((n + 1))
    if [ $((n % 4)) -eq 0 ]; then round $n backend; else round $n collector; fi
done

SOURCE=term
sample_csv $rows > "$work/term.csv"
start "$work/term.csv"
sleep 0.4
kill -TERM "$pid"
wait "$pid"
ended=$?
counts() { # of the report, in one line
    grep -oE '"(accepted|duplicate|quarantined)":[0-9]+' "$work/report" | tr '\n' ' '
}
[ $ended -eq 1 ] && [ "$(counts)" = '"accepted":0 "duplicate":0 "quarantined":0 ' ] &&
    [ "$(grep -o '"received":[0-9]*' "$work/report" | cut -d: -f2)" = "$(grep -o '"refused":[0-9]*' "$work/report" | cut -d: -f2)" ] &&
    grep -q '"received":[1-9]' "$work/report"
judged $? "the report of an interrupted import counts nothing as stored" "status $ended, $(cat "$work/report")"
[ $ended -eq 1 ] && [ "$(stored term)" = "0 0 0" ] && grep -q "interrupted: nothing of term.csv was stored" "$work/log"
judged $? "SIGTERM rolls back, says so and ends with 1" "status $ended, stored $(stored term)"

# Two at once: one stores, the other finds everything held (or is told to try again, and then does).
SOURCE=twice
sample_csv 5000 > "$work/twice.csv"
start "$work/twice.csv"
first=$pid
collector import --json "$work/twice.csv" > "$work/report2" 2> "$work/log2"
second=$?
wait "$first"
first=$?
collector import --json "$work/twice.csv" > "$work/report3" 2> "$work/log"
third=$?
[ $third -eq 0 ] && [ "$(stored twice)" = "5000 5000 5000" ] && grep -q '"duplicate":5000' "$work/report3" &&
    { [ $first -eq 0 ] || [ $first -eq 75 ]; } && { [ $second -eq 0 ] || [ $second -eq 75 ]; }
judged $? "two collectors on one file store each row once" \
    "status $first and $second, then $third: $(stored twice)"

passes "the ledger verifies after the crashes" db verify-ledger
exit $failed
