#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Nothing acknowledged is lost and nothing is stored twice, whatever dies (P1, P2, P7, P8; S01-S07, S11): a sender
# that never lets go posts over 8 connections, half of them through a bad network, while in each round something is
# killed, stopped or filled, and put right again. At the end every acknowledgement is looked up in the database.
# ROUNDS (3), RATE of requests a second (500), SEED (random); FAULTS=folder of a build with fault points adds the
# labelled points, root adds full disks (tmpfs), and fiu-run adds failing calls. KINDS="collector away" chooses.
set -u
. tests/lib/check.sh
. tests/lib/sample.sh
BUILD=${BUILD:-build}
rounds=${ROUNDS:-3}
rate=${RATE:-500}
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
faults=${FAULTS:+$(cd "$FAULTS" && pwd)}
for tool in curl pgrep; do
    command -v $tool > /dev/null || { skip torture "$tool is not here"; exit 0; }
done
. tests/lib/service.sh # CURL, MAATSTAF_NOW
source=sim-den-haag
spool="$work/spool-disk/spool"
cluster_disk="$work/home-disk"
home="$cluster_disk/home"
mounted=
service=
load=
proxy=

end_all() {
    for one in $load $proxy $service; do
        kill -KILL "$one" 2> /dev/null
    done
    "$BINDIR/maatstaf-db" stop --home "$home" > /dev/null 2>&1
    for one in $mounted; do
        umount -l "$one"
    done
    [ -z "${KEEP:-}" ] || cp -r "$work" "$KEEP"
    rm -rf "$work"
}
trap end_all EXIT

# ---- chance: the same seed makes the same plan -------------------------------------------------------

chance=$seed
pick() { # below: a number in $picked
    chance=$(((chance * 1103515245 + 12345) % 2147483648))
    picked=$((chance / 65536 % $1))
}
pause() { # from to, in ms
    pick $(($2 - $1 + 1))
    sleep "$(awk -v ms=$(($1 + picked)) 'BEGIN {printf "%.3f", ms / 1000}')"
}

# ---- the parts ---------------------------------------------------------------------------------------

disk() { # folder size: a file system of its own, where that may be
    mkdir -p "$1"
    [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o "size=$2,mode=0755" tmpfs "$1" 2> /dev/null && mounted="$1 $mounted"
}
start_service() { # with $launcher before it; waits for no answer
    # shellcheck disable=SC2086 # the launcher is a command with arguments
    ${launcher:-} "${binaries:-$BINDIR}/maatstaf-collector" serve --home "$home" --listen "127.0.0.1:$port" \
        --spool "$spool" --spool-floor 2 --store-timeout 2 --log-level info > "$work/service.out" 2>> "$work/service.log" &
    service=$!
}
ready() {
    [ "$(curl -s -m 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/v1/ready")" = 200 ]
}
wait_ready() { # for a while
    ready_tries=0
    until ready || [ $ready_tries -gt 50 ]; do
        ready_tries=$((ready_tries + 1))
        sleep 0.1
    done
}
alive() {
    kill -0 "$service" 2> /dev/null
}
postmaster() {
    head -1 "$pgdata/postmaster.pid" 2> /dev/null
}
database_up() { # after a kill: until the orphans of the old one have gone
    up_tries=0
    while ! sql -c 'SELECT 1' > /dev/null 2>&1; do
        up_tries=$((up_tries + 1))
        [ $up_tries -le 150 ] || { verdict 1 "the database comes back"; cat "$work/db.log"; exit 1; }
        pm=$(postmaster)
        [ -n "$pm" ] && [ -e "/proc/$pm/exe" ] || db start > "$work/db.log" 2>&1 # else it is recovering
        sleep 0.2
    done
}
service_up() { # started anew as often as it takes: a failing call may end it again
    up_tries=0
    until alive && ready; do
        up_tries=$((up_tries + 1))
        [ $up_tries -le 300 ] || { verdict 1 "the service comes back"; tail -20 "$work/service.log"; exit 1; }
        if ! alive; then
            wait "$service" 2> /dev/null
            start_service
        fi
        sleep 0.2
    done
}
kill_service() {
    kill -KILL "$service" 2> /dev/null
    wait "$service" 2> /dev/null
}
backend() { # one that works for the service, best in a transaction; in $found
    found=$(sql -c "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                    ORDER BY xact_start IS NULL LIMIT 1" 2> /dev/null)
    [ -n "$found" ]
}
spooled() { # registrations that wait in the spool
    curl -s -m 5 "http://127.0.0.1:$port/metrics" | awk '/^maatstaf_spool_records /{print $2}'
}
fill() { # folder: nothing is left of its disk
    dd if=/dev/zero of="$1/filler" bs=64k 2> /dev/null
    true
}

# ---- what happens in a round: each is put right again by `mend` ----------------------------------------

mend() {
    rm -f "$work/spool-disk/filler" "$cluster_disk/filler"
    launcher=
    database_up
    service_up
}
round_collector() { kill_service; }
round_backend() { backend && kill -KILL "$found"; }
round_postmaster() { kill -KILL "$(postmaster)"; }
round_server() { # every process of the database
    pm=$(postmaster)
    # shellcheck disable=SC2046 # a list of numbers
    kill -KILL "$pm" $(pgrep -P "$pm") 2> /dev/null
}
round_all() {
    round_server
    kill_service
}
round_point() { # the collector ends itself at a labelled point
    kill_service
    points="before-parse before-commit after-commit spool-write spool-fsync replay"
    # shellcheck disable=SC2086 # a list
    set -- $points
    shift $((points_done % $#))
    points_done=$((points_done + 1))
    point=$1
    pick 6
    nth=$((1 + picked))
    [ "$point" != replay ] || nth=1 # all that waits may be one group
    what="$what $point:$nth"
    binaries=$faults
    MAATSTAF_FAULT="$point:$nth" start_service
    binaries=
    case $point in
    spool-*)
        wait_ready
        db stop > /dev/null
        pause 6000 7000 # the group that notices has --store-timeout first
        ;;
    replay)
        wait_ready
        db stop > /dev/null
        pause 6000 7000 # the group that notices has --store-timeout first
        database_up
        pause 2000 3500
        ;;
    *) pause 500 2000 ;;
    esac
    alive || reached=$((reached + 1))
    kill_service
}
round_held() { # killed while a group waits before COMMIT, long enough for answers that come too early
    kill_service
    pick 5
    binaries=$faults
    MAATSTAF_FAULT="before-commit:$((1 + picked)):sleep=5000" start_service
    binaries=
    pause 2500 3500
    kill_service
}
round_late() { # the service starts before the database: it knows nobody yet, and says so
    db stop > /dev/null
    kill_service
    start_service
    pause 1500 3000
}
round_away() {
    db stop > /dev/null
    pause 1000 4000
}
round_away_again() { # and once more while what was spooled is brought in
    db stop > /dev/null
    pause 3000 5000
    database_up
    pause 50 900
    round_server
    pause 500 2000
    database_up
    pause 50 600
    kill_service
}
round_stopped() { # a backend that does not answer
    backend || return
    kill -STOP "$found"
    pause 3000 5000
    kill -CONT "$found"
}
round_terminated() { sql -c "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()" > /dev/null; }
round_restart() { # both as an administrator does it
    kill -TERM "$service"
    db stop > /dev/null
    wait "$service" 2> /dev/null
}
round_calls() { # failing calls of the collector, then its end
    set -- posix/io/sync/fsync 300 posix/io/rw/write 30 posix/io/rw/pread 100 libc/mm/malloc 1 libc/mm/calloc 2 posix/io/net/recv 20
    shift $((calls_done % 6 * 2))
    calls_done=$((calls_done + 1))
    what="$what $1"
    kill_service
    launcher="fiu-run -x -f $work/fiu"
    start_service
    launcher=
    wait_ready
    fiu-ctrl -f "$work/fiu" -c "enable_random name=$1,probability=0.$(printf %03d "$2")" "$service" > /dev/null 2>&1
    pause 500 1000
    db stop > /dev/null # to the spool
    pause 2500 4000
    database_up
    pause 500 1500
    kill_service
}
round_spool_full() {
    db stop > /dev/null
    pause 500 1500
    fill "$work/spool-disk"
    pause 2500 4000
}
round_data_full() {
    fill "$cluster_disk"
    pause 3000 5000
}

# ---- the run -----------------------------------------------------------------------------------------

if disk "$work/spool-disk" 64m && disk "$cluster_disk" 2g; then
    full=yes
else
    full=
    skip "torture: full disks" "a small file system needs root"
fi
kinds="collector backend all" # what `make test` sees with ROUNDS=3
if [ "$rounds" -gt 3 ]; then
    kinds="collector backend all away postmaster stopped server away_again terminated restart late"
    if [ -n "$faults" ]; then
        kinds="$kinds point point held point"
    else
        skip "torture: labelled points" "FAULTS names no build with fault points"
    fi
    if command -v fiu-run > /dev/null && [ "${SANITIZED:-}" != 1 ]; then
        kinds="$kinds calls calls"
    else
        skip "torture: failing calls" "fiu-run is not here, or the build is sanitized"
    fi
    [ -z "$full" ] || kinds="$kinds spool_full data_full"
fi
kinds=${KINDS:-$kinds}

cluster
decided 2020-01-01 2030-01-01
pgdata=$(dirname "$(find "$home" -name postmaster.pid | head -1)")
[ -r "$pgdata/postmaster.pid" ] || { verdict 1 "the cluster has a postmaster"; exit 1; }
collector token add --source $source --label torture > "$work/token" 2> "$work/log"
"$BINDIR/maatstaf-simulate" --months 2 --stops $((5000 + rounds * 2 * rate)) --seed "$((seed % 1000000))" \
    --last-month 2026-10 > "$work/records" 2> "$work/log" || { cat "$work/log"; exit 1; }
[ -d "$spool" ] || { mkdir -p "$(dirname "$spool")"; }
port=0
start_service
tries=0
until port=$(sed -n 's/.*listens on .*:\([0-9]*\).*/\1/p' "$work/service.out") && [ -n "$port" ]; do
    tries=$((tries + 1))
    [ $tries -le 100 ] || { verdict 1 "the service starts"; cat "$work/service.log"; exit 1; }
    sleep 0.1
done
proxy_port=$((port > 60000 ? port - 1000 : port + 1000))
"$BUILD/fault-proxy" $proxy_port "$port" "$seed" 2> "$work/proxy.log" &
proxy=$!
service_up
"$BUILD/fault-load" --ports "$port,$proxy_port" --token "$work/token" --records "$work/records" --acks "$work/acks" \
    --connections 8 --rate "$rate" --seed "$seed" > "$work/load.out" 2> "$work/load.log" &
load=$!
tries=0
until [ -e "$work/acks" ] || [ $tries -gt 300 ]; do # it reads its records first
    tries=$((tries + 1))
    sleep 0.1
done

reached=0
points_done=0
calls_done=0
number=0
done_rounds=0
while [ $number -lt "$rounds" ]; do
    # shellcheck disable=SC2086 # a list
    set -- $kinds
    shift $((number % $#))
    kind=$1
    number=$((number + 1))
    what="$kind"
    pause 200 1200
    before=$(wc -l < "$work/acks" 2> /dev/null)
    "round_$kind"
    mend
    kill -0 "$load" 2> /dev/null || { verdict 1 "round $number: the sender goes on"; cat "$work/load.log"; break; }
    tries=0
    while [ "$(wc -l < "$work/acks")" -le "${before:-0}" ] && [ $tries -lt 300 ]; do # it is taken again
        tries=$((tries + 1))
        sleep 0.1
    done
    [ $tries -lt 300 ] || { verdict 1 "round $number: after $what nothing is acknowledged any more"; tail -5 "$work/service.log"; break; }
    done_rounds=$((done_rounds + 1))
    [ -z "${VERBOSE:-}" ] || echo "$(date +%T) round $number: $what; acknowledged $(wc -l < "$work/acks"), in the spool $(spooled)"
done

same "$rounds of $rounds rounds ended with the service taking registrations (seed $seed)" "$rounds" "$done_rounds"
kill -TERM $load
wait $load
check "the sender got an answer for all that it sent" || cat "$work/load.log"
load=
counts=$(cat "$work/load.out")
tries=0
while [ "$(spooled)" != 0 ] && [ $tries -lt 600 ]; do
    tries=$((tries + 1))
    sleep 0.2
done
same "the spool is empty at the end" 0 "$(spooled)"

sql -c "SELECT source_record_no FROM registration.stop WHERE source_system = '$source'" | sort > "$work/stored"
sort "$work/acks" > "$work/acked"
apart=$(sql -c "SELECT count(*) FROM registration.quarantine")
acknowledged=$(wc -l < "$work/acked")
lost=$(comm -23 "$work/acked" "$work/stored" | wc -l)
double=$(uniq -d "$work/stored" | wc -l)
unsent=$(comm -13 "$work/acked" "$work/stored" | wc -l)
[ "$acknowledged" -gt $((rounds * 20)) ]
check "enough was acknowledged to prove something: $acknowledged"
same "acknowledged $acknowledged, lost $lost" 0 "$lost"
same "acknowledged $acknowledged, double $double" 0 "$double"
same "stored and never acknowledged $unsent" 0 "$unsent"
case "$kinds" in
*spool_full*)
    case " $counts" in *" s503="*) true ;; *) false ;; esac
    check "a full spool refuses" || echo "$counts"
    ;;
esac
same "no segment of the spool was damaged" "" "$(find "$spool" -name '*.damaged')"
same "nothing was set apart" 0 "$apart"
same "keys are as many as registrations" "$acknowledged" "$(sql -c 'SELECT count(*) FROM registration.source_key')"
echo "$counts" | tr ' ' '\n' | grep -qE '^s(4|500)'
same "no answer was a refusal, a conflict or a fault" 1 $? || head -5 "$work/load.log"
passes "the ledger verifies" db verify-ledger
service_stop
check "SIGTERM ends the service within 10 s" || tail -5 "$work/service.log"
service=
echo "rounds $done_rounds of $rounds, fault points reached $reached; $counts; lost $lost of $acknowledged, double $double of $acknowledged; seed $seed"
exit $failed
