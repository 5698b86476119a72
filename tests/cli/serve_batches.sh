#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Uploads that outlive the process that took them (P1, P2): killed while it takes one in, killed between COMMIT and
# saying so, with the database away; and what one sender may do in a second.
set -u
. tests/lib/check.sh
. tests/lib/sample.sh
for tool in curl jq; do
    command -v $tool > /dev/null || { skip serve_batches "$tool is not here"; exit 0; }
done
. tests/lib/service.sh
cluster
SOURCE=pol-batch
token=$(collector token add --source pol-batch --label 'Batches' 2> /dev/null)
auth="Authorization: Bearer $token"
nd='Content-Type: application/x-ndjson'
upload() { # name file
    $CURL -H "$auth" -H "$nd" --data-binary "@$2" "$url/v1/batches?name=$1"
}
ask() { $CURL -H "$auth" "$url/v1/batches/$1" > /dev/null; }
settled() { # batch
    for _ in $(seq 1 300); do
        ask "$1"
        [ "$(answer .status)" = received ] || return
        sleep 0.1
    done
}
kill_service() {
    kill -KILL "$service"
    wait "$service" 2> /dev/null
}
count() { sql -c 'SELECT count(*) FROM registration.stop'; }

service_start
check "the service starts" || exit 1
sample_ndjson 30000 1 > "$work/large"
same "a large upload is taken" 202 "$(upload large "$work/large")"
batch=$(answer .id)
same "and waits" received "$(answer .status)"
kill_service
same "the process was killed before it was taken in" 0 "$(count)"
service_start
check "the next process starts"
settled "$batch"
same "it takes the upload up" "stored 30000 0" "$(answer '.status + " " + ([.batch.accepted, .batch.duplicate] | map(tostring) | join(" "))')"
same "and everything is there once" 30000 "$(count)"
number=$(answer .batch.batch_id)
[ ! -e "$home/spool/batches/$batch.ndjson" ]
check "the file is gone when it was taken in"
mode=$(stat -c %a "$home/spool/batches" "$home/spool/batches/$batch.json" | tr '\n' ' ')
same "nobody else may read what there is" "700 600 " "$mode"

# As if it had been killed between COMMIT and saying so.
kill_service
cp "$work/large" "$home/spool/batches/$batch.ndjson"
jq -c 'del(.batch) | .status = "received"' "$home/spool/batches/$batch.json" > "$work/state"
cp "$work/state" "$home/spool/batches/$batch.json"
service_start
check "the process after that starts"
settled "$batch"
same "an upload that is in the database is not taken in again" "stored $number" "$(answer '.status + " " + (.batch.batch_id | tostring)')"
same "and nothing came twice" 30000 "$(count)"

db stop > /dev/null
sample_ndjson 50 50001 > "$work/small"
same "with the database away an upload is taken" 202 "$(upload small "$work/small")"
batch=$(answer .id)
same "and waits" received "$(answer .status)"
db start > /dev/null
settled "$batch"
same "with the database back it is stored" "stored 50" "$(answer '.status + " " + (.batch.accepted | tostring)')"

# The end of a batch cannot be written down: it stays at hand until it can.
db stop > /dev/null
sample_ndjson 10 52001 > "$work/unwritten"
upload unwritten "$work/unwritten" > /dev/null
batch=$(answer .id)
mkdir "$home/spool/batches/$batch.new"
db start > /dev/null
for _ in $(seq 1 150); do
    grep -q "batch $batch ended as stored: cannot write" "$work/service.log" && break
    sleep 0.1
done
rmdir "$home/spool/batches/$batch.new"
settled "$batch"
same "a batch whose end could not be written is settled when it can" "stored 10" "$(answer '.status + " " + (.batch.accepted | tostring)')"

# What was acknowledged before an upload is stored before it.
db stop > /dev/null
sample_ndjson 600 53001 | split -l 1 -a 4 - "$work/spooled."
for file in "$work"/spooled.*; do
    printf 'url = "%s/v1/stops"\nheader = "%s"\nheader = "Content-Type: application/json"\ndata-binary = "@%s"\noutput = "/dev/null"\nwrite-out = "%%{http_code}\\n"\nnext\n' "$url" "$auth" "$file"
done | sed '$d' > "$work/many"
same "with the database away 600 registrations are spooled" "600 202" \
    "$(curl -s -Z --no-progress-meter --parallel-max 40 -K "$work/many" 2> /dev/null | sort | uniq -c | tr -s ' ' | sed 's/^ //')"
sample_ndjson 1 53600 2 U > "$work/update"
db start > /dev/null
upload update "$work/update" > /dev/null
settled "$(answer .id)"
same "an upload does not overtake what was spooled before it" "stored 1" "$(answer '.status + " " + (.batch.accepted | tostring)')"

# What the spool lost does not wait for ever.
db stop > /dev/null
sample_ndjson 1 53900 > "$work/lost"
call 202 "one is spooled" -H "$auth" -H 'Content-Type: application/json' --data-binary "@$work/lost" "$url/v1/stops"
rm "$home"/spool/posts/*.segment
db start > /dev/null
for _ in $(seq 1 100); do
    curl -s "$url/metrics" | grep -q '^maatstaf_spool_records 0$' && break
    sleep 0.1
done
sleep 0.5
call 200 "its file went, and its sender asks" -H "$auth" "$url/v1/stops/pol-batch/0053900"
same "and hears that it is not there" unknown "$(answer .status)"

# A page ends with a whole record.
sed 's/"started_at":"[^"]*",//; s/"unit_code":"[^"]*",//' "$work/update" > "$work/bad"
sample_ndjson 20 54001 >> "$work/bad"
upload bad "$work/bad" > /dev/null
settled "$(answer .id)"
found=$(answer '.records | length')
[ "$found" -gt 1 ]
check "a record that breaks several rules has a message for each"
ask "$(answer .id)?pageSize=1"
same "and a page does not end in the middle of them" "$found" "$(answer '.records | length')"

printf 'no json at all\n' > "$work/nothing"
upload nothing "$work/nothing" > /dev/null
settled "$(answer .id)"
same "what holds no registration is refused whole" refused "$(answer .status)"
: > "$work/empty"
case "$(upload empty "$work/empty")" in 400 | 411) true ;; *) false ;; esac
check "nothing at all is refused"
same "a name with a path is refused" 400 "$(upload ..%2Fx "$work/small")"

# A large one at hand when the service is asked to end.
sample_ndjson 30000 100001 > "$work/large"
upload end "$work/large" > /dev/null
batch=$(answer .id)
service_stop
check "with a batch at hand SIGTERM ends the service within 10 s" "status $service_status after $service_took s"
service_start --token-rate 1
check "the last process starts"
codes=$(for _ in 1 2 3 4 5 6; do
    $CURL -H "$auth" "$url/v1/batches/$batch"
    echo
done | sort | uniq -c | tr -s ' \n' ' ')
has "one sender gets 429 over its rate" 429 - << END
$codes
END
has "after it was let in at first" 200 - << END
$codes
END
for _ in $(seq 1 60); do
    sleep 1
    ask "$batch"
    [ "$(answer .status)" = stored ] && break
done
same "the batch at hand was taken up" stored "$(answer .status)"
total=$(sql -c 'SELECT count(DISTINCT stop_id) FROM registration.stop')
same "and everything is there once" 60680 "$total"

# The server of the database hangs while a batch is at hand.
sample_ndjson 30000 200001 > "$work/large"
sleep 2
upload hangs "$work/large" > /dev/null
sleep 2
backends=$(sql -c "SELECT pid FROM pg_stat_activity WHERE usename = 'collector'")
kill -STOP $backends
service_stop
check "with a hung database SIGTERM ends the service within 10 s" "status $service_status after $service_took s"
kill -CONT $backends
service_start
check "one more starts"
service_stop
check "SIGTERM ends it" "status $service_status after $service_took s"
db verify-ledger > "$work/out" 2>&1
check "the ledger holds" || cat "$work/out"
exit $failed
