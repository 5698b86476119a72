#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Durable single posts over HTTPS beside pgbench's durable single-row inserts on the same cluster, in turns; then
# twice as many clients as a small queue takes, and slow attackers. README.md says what and why.
#   tests/bench/serve.sh [--quick]     ROUNDS=3, TIME=10 seconds each by default; --quick is 1 and 4
# Exit status 1: a requirement is not met, or what was acknowledged is not there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
BINDIR=$(cd "${BINDIR:-.}" && pwd)
BUILD=${BUILD:-build}
rounds=${ROUNDS:-3}
seconds=${TIME:-10}
case "${1:-}" in
"") ;;
--quick) rounds=${ROUNDS:-1} seconds=${TIME:-4} ;;
*) echo "usage: serve.sh [--quick]" >&2; exit 2 ;;
esac
clients=64
stops=$((rounds * seconds * 20000))
for tool in jq openssl pgbench; do
    command -v $tool > /dev/null || PATH=$PATH:$(pg_config --bindir)
    command -v $tool > /dev/null || { echo "serve.sh: skipped, $tool is not here" >&2; exit 0; }
done

make -s "$BUILD/http_load"
load="$BUILD/http_load"
work=$(mktemp -d "${TMPDIR:-/tmp}/maatstaf-serve.XXXXXX")
chmod 755 "$work"
home="$work/home"
service=
unset MAATSTAF_NOW MAATSTAF_HOME MAATSTAF_DB || true
finish() {
    [ -z "$service" ] || kill -9 "$service" 2> /dev/null || true
    "$BINDIR/maatstaf-db" stop --home "$home" > /dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
say() { echo "$*" >&2; }
fail() { say "serve.sh: $*"; exit 1; }
sql() {
    PGOPTIONS="-c client_min_messages=warning" psql -X -q -v ON_ERROR_STOP=1 -h "$socket" -U maatstaf -d maatstaf "$@"
}
figure() { jq -r "$2" "$work/$1"; }

"$BINDIR/maatstaf-db" init --home "$home" > /dev/null
"$BINDIR/maatstaf-db" decide group-mode --mode perceived --decision bench --dpia bench \
    --from 2020-01-01 --until 2040-01-01 --home "$home" > /dev/null
socket=$(sed -n 's/^socket=//p' "$home/cluster")
[ "$(sql -Atc "SHOW fsync")$(sql -Atc "SHOW synchronous_commit")" = onon ] || fail "the cluster is not durable"
"$BINDIR/maatstaf-simulate" --stops "$stops" --months 1 --seed 1 --format ndjson \
    --plan "$here/../simulator/plans/demo.json" --out "$work/sim" > /dev/null
# Stops of one month, as they come in; many senders send, so not in the order of time.
sort -R --random-source="$here/http_load.c" "$work/sim/stops.ndjson" > "$work/lines"
source=$(head -1 "$work/lines" | jq -r .source_system)
token=$("$BINDIR/maatstaf-collector" token add --source "$source" --label bench --home "$home" 2> /dev/null)

# The peer's table: one row a stop, with the columns, keys, indexes and partitions of ours.
sql -c "CREATE SCHEMA peer" \
    -c "CREATE TABLE peer.stop (LIKE registration.stop INCLUDING ALL) PARTITION BY RANGE (started_at)" \
    -c "CREATE TABLE peer.stop_month PARTITION OF peer.stop FOR VALUES FROM ('2026-10-01') TO ('2026-11-01')"
cat > "$work/insert.sql" << 'END'
\set minute random(0, 44600)
\set area random(0, 113)
INSERT INTO peer.stop (stop_id, ledger_from, leaf_no, salt, source_system, source_record_no, source_version, tx_type,
    schema_version, codeset_version, started_at, registered_at, time_precision, duration_min, initiated_by,
    selection_method, stop_mode, persons_present, persons_registered, buurt_code, place_type, legal_basis, unit_code, assignment)
VALUES (gen_random_uuid(), 1, 1, '\x000102030405060708090a0b0c0d0e0f', 'bench', gen_random_uuid()::text, 1, 'I', '1.0.0', '2026.1',
    timestamptz '2026-10-01' + :minute * interval '1 minute', now(), 'exact', 9, 'self', 'individual', 'car', 1, 1,
    'BU0518' || :area, 'street', '{WVW160_1}', 'HGL-03', 'emergency');
END

certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/cert.pem" 2> /dev/null
}
start() {
    : > "$work/serve.out"
    "$BINDIR/maatstaf-collector" serve --home "$home" --listen 127.0.0.1:0 --tls-cert "$work/cert.pem" \
        --tls-key "$work/key.pem" > "$work/serve.out" 2>> "$work/serve.log" &
    service=$!
    tries=0
    until [ "$(curl -s -k -m 2 -o /dev/null -w '%{http_code}' "$(sed -n 's/.*listens on //p' "$work/serve.out")/v1/ready")" = 200 ]; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || { cat "$work/serve.log" >&2; fail "the service does not start"; }
        sleep 0.1
    done
    port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' "$work/serve.out")
}
stop() {
    kill -TERM "$service"
    wait "$service" || fail "the service did not end in order"
    service=
}
next=0
post() { # name, clients, seconds
    "$load" -t -c "$2" -s "$3" -l "$work/lines" -n "$next" -H "Authorization: Bearer $token" -p "$port" /v1/stops > "$work/$1"
    next=$(figure "$1" .next_line)
}
peak() { awk '/VmHWM/ {print int($2 / 1024)}' "/proc/$service/status"; }

certificate
start
post warm $clients 2
pgbench -h "$socket" -U maatstaf -n -M prepared -c $clients -j 2 -T 2 -f "$work/insert.sql" maatstaf > /dev/null 2>&1
round=0
while [ $((round += 1)) -le "$rounds" ]; do
    sql -c CHECKPOINT
    post "ours-$round" $clients "$seconds"
    sql -c CHECKPOINT
    pgbench -h "$socket" -U maatstaf -n -M prepared -c $clients -j 2 -T "$seconds" -f "$work/insert.sql" maatstaf \
        > "$work/pgbench" 2> "$work/pgbench.err" || { cat "$work/pgbench.err" >&2; fail "pgbench failed"; }
    sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$work/pgbench" > "$work/peer-$round"
    say "  ours $(figure "ours-$round" '"\(.per_second) a second, p50 \(.p50_ms) ms, p99 \(.p99_ms) ms, \(.statuses)"'), pgbench $(cat "$work/peer-$round")"
done

# Everything acknowledged is there once; requests cut off at the end of a round may be there besides.
acked=$(jq -s 'map(.statuses["201"] // 0) | add' "$work/warm" "$work"/ours-*)
there=$(sql -Atc "SELECT count(*) FROM registration.source_key")
once=$(sql -Atc "SELECT count(*) FROM registration.stop")
memory=$(peak)
stop

median() { sort -n | awk '{x[NR] = $1} END {print NR % 2 ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2}'; }
met=yes
line() { # what, ours, peer, ratio, required, is it met (0 or 1)
    verdict=met
    [ "$6" -eq 1 ] || { verdict="NOT MET"; met=no; }
    printf '%-58s %9s %9s %7s %9s  %s\n' "$1" "$2" "$3" "$4" "$5" "$verdict"
}
ours=$(for f in "$work"/ours-*; do jq .per_second "$f"; done | median)
peer=$(cat "$work"/peer-* | median)
p99=$(for f in "$work"/ours-*; do jq .p99_ms "$f"; done | sort -n | tail -1)
printf '%-58s %9s %9s %7s %9s\n' "median of $rounds, $clients connections, TLS 1.3" ours peer ratio required
line "durable posts a second (peer: pgbench, one row each)" "$ours" "${peer%.*}" \
    "$(echo "$ours $peer" | awk '{printf "%.2f", $1 / $2}')" ">= 1.0" "$(echo "$ours $peer" | awk '{print ($1 >= $2)}')"
line "99th percentile of the answer, ms, worst round" "$p99" - - "<= 100" "$(echo "$p99" | awk '{print ($1 <= 100)}')"
line "acknowledged and not there" "$((acked > there ? acked - there : 0))" - - 0 "$((acked <= there))"
line "there more than once" "$((once - there))" - - 0 "$((once == there))"
line "peak memory of the collector, MiB" "$memory" - - "<= 256" "$((memory <= 256))"
[ $met = yes ]
