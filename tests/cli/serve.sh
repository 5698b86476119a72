#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The service as a sender and an administrator see it: every status, identities, batches, counts, reload, end.
set -u
. tests/lib/check.sh
. tests/lib/sample.sh
for tool in curl jq openssl; do
    command -v $tool > /dev/null || { skip serve "$tool is not here"; exit 0; }
done
. tests/lib/service.sh
cluster
SOURCE=pol-test
record() { sample_ndjson 1 "$@"; } # first version tx

token=$(collector token add --source pol-test --label 'Test' 2> "$work/err")
has "a token is shown once, beside its number" "identity 1 for pol-test" "$work/err"
other=$(collector token add --source boa-test --label 'Other' 2> /dev/null)
collector token add --source pol-test --label 'Beheer iemand@example.nl' > "$work/out" 2>&1
same "a label with an address is wrong usage" 2 $?
collector token list > "$work/list"
has "the list has the token's label" "Test" "$work/list"
grep -q "$token" "$work/list"
same "the list has no token" 1 $?
same "the database has no token" 0 "$(sql -c "SELECT count(*) FROM ingest.identity i WHERE i::text LIKE '%${token#maatstaf_}%'")"

service_start
check "the service starts" || exit 1
auth="Authorization: Bearer $token"
json='Content-Type: application/json'

# ---- single registrations
record 1 > "$work/one"
post 201 "a registration is stored" "$work/one"
same "the answer says so" stored "$(answer .result)"
same "the answer has the ledger entry" 1 "$(answer '.ledger_entry > 0 | if . then 1 else 0 end')"
same "the stop is there under its id" 1 "$(sql -c "SELECT count(*) FROM registration.stop WHERE stop_id = '$(answer .stop_id)'")"
has "the answer has its address" "ocation: /v1/stops/pol-test/0000001" "$work/head"
has "the answer has the version of the interface" "API-Version: 1.0.0" "$work/head"
post 200 "the same again is held" "$work/one"
same "the answer says that it is held" held "$(answer .result)"
same "it is stored once" 1 "$(sql -c 'SELECT count(*) FROM registration.stop')"
sed 's/"duration_min":9/"duration_min":10/' "$work/one" > "$work/changed"
post 409 "other content under the same number is a conflict" "$work/changed"
same "the conflict names its rule" R021 "$(answer '.violations[0].code')"
has "a problem has its media type" "application/problem+json" "$work/head"

record 2 | sed 's/"duration_min":9,//; s/"stop_mode":"car"/"stop_mode":"secret-xyz"/' > "$work/bad"
post 400 "a registration that breaks rules is refused" "$work/bad"
same "all violations are named" "R011 R012" "$(answer '[.violations[].code] | sort | unique | join(" ")')"
same "they point at their places" "/stop/duration_min /stop/stop_mode" "$(answer '[.violations[].pointer] | sort | join(" ")')"
same "they have both languages and a version" 0 "$(answer '[.violations[] | select((.message_nl // "") == "" or (.message_en // "") == "" or (.rule_version // "") == "")] | length')"
grep -q secret-xyz "$work/answer"
same "nothing sent comes back" 1 $?
record 3 | sed 's/"persons_present":1/"persons_present":1,"occupants":1/; s/"occupants":1,"persons_present"/"persons_present"/; s/"persons_registered":1/"persons_registered":5/' > "$work/apart"
post 202 "a registration with an error is set apart" "$work/apart"
same "the answer says quarantined" quarantined "$(answer .result)"
same "it says why" E041 "$(answer '.violations[0].code')"

sed 's/"source_system":"pol-test"/"source_system":"boa-test"/' "$work/one" > "$work/foreign"
post 403 "a registration of another source is refused" "$work/foreign"

# ---- versions and status
at="$url/v1/stops/pol-test/0000001"
call 200 "the status of a registration" -H "$auth" "$at"
same "it is stored in version 1" "stored 1" "$(answer '.status + " " + (.source_version | tostring)')"
record 1 2 U | sed 's/"duration_min":9/"duration_min":11/' > "$work/update"
call 201 "a new version is stored" -X PUT -H "$auth" -H "$json" --data-binary "@$work/update" "$at"
call 400 "a new version at another address is refused" -X PUT -H "$auth" -H "$json" --data-binary "@$work/update" "$url/v1/stops/pol-test/0000009"
call 403 "a new version at another source is refused" -X PUT -H "$auth" -H "$json" --data-binary "@$work/update" "$url/v1/stops/boa-test/0000001"
call 200 "the status after the update" -H "$auth" "$at"
same "it is version 2" 2 "$(answer .source_version)"
printf '{"source_system":"pol-test","source_record_no":"0000001","source_version":3,"tx_type":"W","schema_version":"1.0.0","codeset_version":"2026.1","registered_at":"2026-11-21T08:00:00Z","withdrawal_reason":"Dubbel ingevoerd","stop":{"started_at":"2026-11-20T00:01:00Z"}}' > "$work/withdraw"
call 409 "a withdrawal needs a second person" -H "$auth" -H "$json" --data-binary "@$work/withdraw" "$at/withdrawal"
same "and says so" R025 "$(answer '.violations[0].code')"
agreed "$work/withdraw"
call 201 "a withdrawal that was agreed to is stored" -H "$auth" -H "$json" --data-binary "@$work/withdraw" "$at/withdrawal"
call 200 "the status after the withdrawal" -H "$auth" "$at"
same "it is withdrawn" "3 W" "$(answer '(.source_version | tostring) + " " + .tx_type')"
same "earlier versions stay" 3 "$(sql -c 'SELECT count(*) FROM registration.stop')"
record 1 4 U > "$work/late"
call 409 "what was withdrawn cannot be updated" -X PUT -H "$auth" -H "$json" --data-binary "@$work/late" "$at"
call 200 "the status of what is not there" -H "$auth" "$url/v1/stops/pol-test/none"
same "is unknown" unknown "$(answer .status)"
call 200 "the status of what was set apart" -H "$auth" "$url/v1/stops/pol-test/0000003"
same "is quarantined" quarantined "$(answer .status)"
call 403 "the status of another source's is not given" -H "$auth" "$url/v1/stops/boa-test/0000001"

# ---- identities
call 401 "without a token" -H "$json" --data-binary "@$work/one" "$url/v1/stops"
has "it says which scheme" "WWW-Authenticate: Bearer" "$work/head"
call 401 "with a wrong token" -H "Authorization: Bearer ${token%?}x" -H "$json" --data-binary "@$work/one" "$url/v1/stops"
over=$(collector token add --source pol-test --label 'Over' --expires 2026-01-01 2> /dev/null)
sleep 1.5
call 401 "with a token whose time is over" -H "Authorization: Bearer $over" -H "$json" --data-binary "@$work/one" "$url/v1/stops"
call 401 "with another scheme" -H "Authorization: Basic $token" -H "$json" --data-binary "@$work/one" "$url/v1/stops"
call 400 "with the token in the address" -H "$json" --data-binary "@$work/one" "$url/v1/stops?token=$token"
call 431 "with an endless token" -H "Authorization: Bearer $(head -c 100000 /dev/zero | tr '\0' x)" -H "$json" --data-binary "@$work/one" "$url/v1/stops"
guesses=$(for n in $(seq 1 60); do
    $CURL -H "Authorization: Bearer maatstaf_$(printf '%064d' "$n")" "$url/v1/gaps"
    echo
done | sort | uniq -c | awk '{print $2}' | tr '\n' ' ')
same "guesses are denied and then held up" "401 429 " "$guesses"
for n in 61 62 63; do # the last one may have found a guess given back
    grep -q 'HTTP/1.1 429' "$work/head" && break
    $CURL -H "Authorization: Bearer maatstaf_$(printf '%064d' "$n")" "$url/v1/gaps" > /dev/null
done
has "it says for how long" "Retry-After: " "$work/head"
post 400 "a good token from the same address is not held up" "$work/bad"
record 7 > "$work/seven"
post 201 "and stores" "$work/seven"
revoke=$(collector token list | awk '/boa-test/ {print $1}')
SOURCE=boa-test
sample_ndjson 1 70 > "$work/boa1"
sample_ndjson 1 71 > "$work/boa2"
SOURCE=pol-test
call 201 "the other source stores" -H "Authorization: Bearer $other" -H "$json" --data-binary "@$work/boa1" "$url/v1/stops"
collector token revoke "$revoke"
check "a token is revoked"
# 401, or 429 when the guesses above were the last that this address had: a good token is never held up.
denied() {
    denied_got=$($CURL -H "Authorization: Bearer $other" -H "$json" --data-binary "@$work/boa2" "$url/v1/stops")
    [ "$denied_got" = 401 ] || [ "$denied_got" = 429 ]
}
denied
check "a token revoked this moment is refused"
same "and nothing of it is stored" 1 "$(sql -c "SELECT count(*) FROM registration.stop WHERE source_system = 'boa-test'")"
sleep 1.5
denied
check "and stays refused"
grep -c -F -e "$token" -e "$other" "$work/service.log" > "$work/status"
has "no token is in the log" 0 "$work/status"

# ---- batches
sample_ndjson 40 100 > "$work/batch"
sample_ndjson 1 200 | sed 's/"duration_min":9,//' >> "$work/batch"
sample_ndjson 1 201 | sed 's/"persons_registered":1/"persons_registered":5/' >> "$work/batch"
SOURCE=boa-test sample_ndjson 1 202 >> "$work/batch"
nd='Content-Type: application/x-ndjson'
call 202 "a batch is taken" -H "$auth" -H "$nd" --data-binary "@$work/batch" "$url/v1/batches?name=november.ndjson"
batch=$(answer .id)
has "the answer has its address" "ocation: /v1/batches/$batch" "$work/head"
same "the same again is the same batch" "$batch" "$($CURL -H "$auth" -H "$nd" --data-binary "@$work/batch" "$url/v1/batches?name=november.ndjson" > /dev/null; answer .id)"
settled() { # batch: waits until it is taken in
    for _ in $(seq 1 100); do
        $CURL -H "$auth" "$url/v1/batches/$1" > /dev/null
        [ "$(answer .status)" = received ] || return
        sleep 0.1
    done
}
settled "$batch"
same "a batch is stored" stored "$(answer .status)"
same "its report adds up" "43 40 0 1 2" "$(answer '.batch | [.received, .accepted, .duplicate, .quarantined, .refused] | map(tostring) | join(" ")')"
same "it names each line" "41 R011,42 E041,43 F003" "$(answer '[.records[] | (.line | tostring) + " " + .code] | join(",")')"
same "of another source nothing is stored" 1 "$(sql -c "SELECT count(*) FROM registration.stop WHERE source_system = 'boa-test'")"
call 200 "a page of its messages" -H "$auth" "$url/v1/batches/$batch?afterLine=41&pageSize=1"
same "is as long as asked" 42 "$(answer '[.records[].line | tostring] | join(",")')"
call 400 "an unknown parameter is refused" -H "$auth" "$url/v1/batches/$batch?x=1"
call 404 "another batch is not there" -H "$auth" "$url/v1/batches/00000000-0000-0000-0000-000000000000"
sample_ndjson 20 300 > "$work/short"
call 202 "a batch with its number of records" -H "$auth" -H "$nd" --data-binary "@$work/short" "$url/v1/batches?name=short&records=21"
settled "$(answer .id)"
same "is refused whole when another number came" "refused F004" "$(answer '.status + " " + (.batch.messages[] | select(.severity == "F") | .code)')"
call 400 "a batch with another digest is refused" -H "$auth" -H "$nd" --data-binary "@$work/short" "$url/v1/batches?sha256=$(printf x | sha256sum | cut -c 1-64)"
call 202 "a batch with its digest" -H "$auth" -H "$nd" --data-binary "@$work/short" "$url/v1/batches?records=20&sha256=$(sha256sum "$work/short" | cut -c 1-64)"
settled "$(answer .id)"
same "is stored" "stored 20" "$(answer '.status + " " + (.batch.accepted | tostring)')"
{
    sample_ndjson 1700 1000
    sample_ndjson 300 3000 | sed 's/"duration_min":9,//; s/"initiated_by":"self",//; s/"stop_mode":"car",//; s/"place_type":"street",//'
} > "$work/long"
call 202 "a long batch" -H "$auth" -H "$nd" --data-binary "@$work/long" "$url/v1/batches?name=long"
settled "$(answer .id)"
call 200 "an answer longer than any buffer on its way" -H "$auth" "$url/v1/batches/$(answer .id)?pageSize=10000"
same "is whole" 1200 "$(answer '.records | length')"

call 415 "a batch of another kind" -H "$auth" -H "$json" --data-binary "@$work/short" "$url/v1/batches"

# ---- counts
totals='{"control_totals":[{"period_from":"2026-10-01","period_to":"2026-10-31","unit_code":"HGL-01","kind":"fines","count":12}]}'
call 201 "control totals are stored" -H "$auth" -H "$json" -d "$totals" "$url/v1/control-totals"
call 200 "the same again is held" -H "$auth" -H "$json" -d "$totals" "$url/v1/control-totals"
same "under the sender's name" "pol-test 12" "$(sql -F ' ' -c "SELECT source, count FROM reference.control_total")"
call 400 "an address in the place of a unit is refused" -H "$auth" -H "$json" \
    -d "$(echo "$totals" | sed 's/"unit_code":"[^"]*"/"unit_code":"iemand@example.nl"/')" "$url/v1/control-totals"
same "as what identifies somebody" R010 "$(answer '.violations[0].code')"
call 400 "a negative count is refused" -H "$auth" -H "$json" -d "$(echo "$totals" | sed 's/12/-12/')" "$url/v1/control-totals"
same "with its place" /control_totals/0/count "$(answer '.violations[0].pointer')"
cells='{"cells":[{"month":"2026-10","area_code":"BU05180704","group_code":"zwart","kind":"persons","count":12}]}'
call 201 "aggregates are stored" -H "$auth" -H "$json" -d "$cells" "$url/v1/aggregates"
call 200 "the same again is held" -H "$auth" -H "$json" -d "$cells" "$url/v1/aggregates"
same "with an entry in the ledger" 1 "$(sql -c "SELECT count(*) FROM audit.ledger WHERE kind = 'aggregates'")"
call 400 "an unknown area is refused" -H "$auth" -H "$json" -d "$(echo "$cells" | sed 's/BU05180704/BU00000000/')" "$url/v1/aggregates"
same "with its place" "R012 /cells/0/area_code" "$(answer '.violations[0] | .code + " " + .pointer')"

# ---- what a sender may ask
call 200 "the code lists" -H "$auth" "$url/v1/code-sets/2026.1"
same "have labels in both languages" man "$(answer '.lists.perceived_gender[] | select(.code == "man") | .label_nl')"
call 404 "another version is not there" -H "$auth" "$url/v1/code-sets/1999.1"
call 200 "gaps" -H "$auth" "$url/v1/gaps?from=2026-11&until=2026-11&least=20"
same "name units with few stops" true "$(answer '.gaps | length > 0 and all(.stops < 20)')"
call 400 "a month that is none" -H "$auth" "$url/v1/gaps?from=2026-13"
call 200 "health" "$url/v1/health"
call 200 "readiness" "$url/v1/ready"
call 200 "metrics from this machine" "$url/metrics"
has "metrics count posts" 'maatstaf_posts_total{result="stored"}' "$work/answer"
grep -qE 'pol-test|127\.0\.0\.1' "$work/answer"
same "metrics name nobody" 1 $?
call 200 "the description needs no identity" "$url/v1/openapi.json"
has "which pages of others may show" "Access-Control-Allow-Origin: *" "$work/head"
cmp -s "$work/answer" docs/openapi/collector.json
check "docs/openapi/collector.json is what the service gives (maatstaf collector openapi)"
collector openapi | cmp -s - docs/openapi/collector.json
check "and what the program prints"
has "answers are not to be sniffed" "nosniff" "$work/head"
call 404 "what is not there" -H "$auth" "$url/v1/nothing"
same "is a problem too" 404 "$(answer .status)"
call 405 "another method" -X DELETE -H "$auth" "$at"
call 415 "text instead of JSON" -H "$auth" -H 'Content-Type: text/plain' -d x "$url/v1/stops"
head -c 70000 /dev/zero | tr '\0' ' ' > "$work/large"
post 413 "a body over 64 KiB" "$work/large"

# ---- two servers, the database away, the end
collector serve --listen 127.0.0.1:0 > "$work/second" 2>&1
same "a second service on the same spool ends" 1 "$(($? != 0))"
db stop > /dev/null
record 8 > "$work/eight"
post 202 "with the database away a registration is spooled" "$work/eight"
same "the answer says so" spooled "$(answer .result)"
call 200 "its status is known" -H "$auth" "$url/v1/stops/pol-test/0000008"
same "as spooled" spooled "$(answer .status)"
call 503 "what needs the database is for later" -H "$auth" "$url/v1/gaps"
has "after a while" "Retry-After: " "$work/head"
call 200 "readiness has the spool" "$url/v1/ready"
same "and says warn" warn "$(answer .status)"
db start > /dev/null
for _ in $(seq 1 100); do
    $CURL -H "$auth" "$url/v1/stops/pol-test/0000008" > /dev/null
    [ "$(answer .status)" = stored ] && break
    sleep 0.2
done
same "with the database back it is stored" stored "$(answer .status)"
kill -HUP "$service"
sleep 0.5
post 200 "after a reload the service goes on" "$work/eight"

# ---- 10,000 guesses while a good sender goes on (H25), and a database that hangs
curl -s -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer maatstaf_$(printf '%064d' 1)" "$url/v1/gaps?least=[1-10000]" > "$work/guesses" &
guesser=$!
good=0
slowest=0
sample_ndjson 50 7000 > "$work/fifty"
while read -r line; do
    printf '%s' "$line" > "$work/good"
    spent=$(curl -s -m 20 -o /dev/null -w '%{http_code} %{time_total}' -H "$auth" -H "$json" --data-binary "@$work/good" "$url/v1/stops")
    [ "${spent% *}" = 201 ] && good=$((good + 1))
    slowest=$(echo "${spent#* } $slowest" | awk '{print ($1 > $2 ? $1 : $2)}')
done < "$work/fifty"
wait $guesser
same "10,000 guesses beside it: every good registration is stored" 50 $good
echo "slowest good registration beside 10,000 guesses: $slowest s"
same "and every guess is denied or held up" "10000" "$(grep -cE '^(401|429)$' "$work/guesses")"

master=$(head -1 "$home/data/postmaster.pid")
backends=$(pgrep -P "$master")
# shellcheck disable=SC2086 # a list
kill -STOP "$master" $backends
record 9 > "$work/nine"
post 202 "with a database that hangs a registration is spooled" "$work/nine"
service_stop
check "and SIGTERM ends the service within 10 s" "status $service_status after $service_took s"
# shellcheck disable=SC2086
kill -CONT "$master" $backends
service_start
check "the next service starts"
for _ in $(seq 1 100); do
    $CURL -H "$auth" "$url/v1/stops/pol-test/0000009" > /dev/null
    [ "$(answer .status)" = stored ] && break
    sleep 0.2
done
same "and stores what was spooled" stored "$(answer .status)"
service_stop
check "SIGTERM ends the service within 10 s" "status $service_status after $service_took s"
db verify-ledger > "$work/out" 2>&1
check "the ledger holds" || cat "$work/out"

exit $failed
