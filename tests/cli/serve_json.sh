#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# What a sender can do wrong in JSON (catalogue B2, J01 to J17) against the running service: the status, that nothing
# sent comes back, what is stored, and that memory stays small.
set -u
. tests/lib/check.sh
. tests/lib/sample.sh
for tool in curl jq; do
    command -v $tool > /dev/null || { skip serve_json "$tool is not here"; exit 0; }
done
. tests/lib/service.sh
cluster
SOURCE=pol-json
token=$(collector token add --source pol-json --label 'JSON' 2> /dev/null)
service_start
check "the service starts" || exit 1

n=0
fresh() { # a good registration with a number of its own, in $work/record
    n=$((n + 1))
    sample_ndjson 1 "$n" | tr -d '\n' > "$work/record"
}
stored() { sql -c "SELECT count(*) FROM registration.stop WHERE source_record_no = '$(printf '%07d' "$n")'"; }

# id | statuses that are right | sed expression on a good registration | what it is
bad() {
    while IFS='|' read -r id wanted edit what; do
        case "$id" in '' | '#'*) continue ;; esac
        fresh
        sed "$edit" "$work/record" > "$work/sent"
        cmp -s "$work/record" "$work/sent" && verdict 1 "$id $what: the edit changes nothing" && continue
        got=$($CURL -H "Authorization: Bearer $token" -H 'Content-Type: application/json' --data-binary "@$work/sent" "$url/v1/stops")
        case " $wanted " in *" $got "*) right=0 ;; *) right=1 ;; esac
        verdict $right "$id $what" "status $got instead of $wanted: $(head -c 300 "$work/answer")"
        case "$got" in 201) kept=1 ;; *) kept=0 ;; esac
        same "$id $what: stored or not" $kept "$(stored)"
        grep -q 'CANARY' "$work/answer"
        same "$id $what: nothing sent comes back" 1 $?
    done
}
bad << 'CASES'
J01|400|s/"tx_type":"I"/"tx_type":"I","tx_type":"I"/|a key twice
J01|400|s/"tx_type":"I"/"tx_type":"I","\\u0074x_type":"I"/|a key twice, once escaped
J02|400|s/"duration_min"/"duratio\xcc\x81n_min"/|a key that only looks like it
J02|400|s/"duration_min"/"duration\xe2\x80\x8b_min"/|a zero-width character in a key
J03|400|s/"tx_type":"I"/"tx_type":"I","role":"CANARY"/|an unknown field: role
J03|400|s/"tx_type":"I"/"tx_type":"I","received_at":"2026-11-20T00:00:00Z"/|an unknown field: received_at
J03|400|s/"tx_type":"I"/"tx_type":"I","stop_id":"CANARY"/|an unknown field: stop_id
J04|400|s/"duration_min":9,//|a field missing
J04|400|s/"duration_min":9/"duration_min":null/|null
J04|400|s/"duration_min":9/"duration_min":"9"/|text for a number
J04|400|s/"duration_min":9/"duration_min":9.0/|a fraction for a whole number
J04|400|s/"duration_min":9/"duration_min":true/|true for a number
J04|400|s/"in_uniform":true/"in_uniform":"true"/|text for true
J04|400|s/"in_uniform":true/"in_uniform":1/|a number for true
J05|400 202|s/"duration_min":9/"duration_min":2147483648/|2^31
J05|400|s/"duration_min":9/"duration_min":9223372036854775808/|2^63
J05|400|s/"duration_min":9/"duration_min":-9223372036854775809/|below -2^63
J05|400|s/"duration_min":9/"duration_min":1e400/|1e400
J05|400|s/"duration_min":9/"duration_min":1e-400/|1e-400
J05|400|s/"duration_min":9/"duration_min":NaN/|NaN
J05|400 202|s/"duration_min":9/"duration_min":-0/|-0
J05|400|s/"duration_min":9/"duration_min":09/|a leading zero
J06|400|s/"tx_type":"I"/"tx_type":"I","x":[[[[[[[[[1]]]]]]]]]/|depth 10
J08|400|s/kruispunt/\\u0000/|an escaped NUL
J08|400|s/kruispunt/\\ud800/|a lone surrogate
J08|400|s/kruispunt/\xed\xa0\x80\xed\xb0\x80/|CESU-8
J08|400|s/kruispunt/\xc0\xaf/|an overlong form
J08|400|s/kruispunt/\xf8\x88\x80\x80\x80/|five bytes
J08|400|s/kruispunt/\xe2\x82/|cut-off UTF-8
J09|400 202|s/kruispunt/\xe2\x80\xae/|a direction override
J09|400 202|s/kruispunt/\xe2\x81\xa6/|a direction isolate
J09|400 202|s/kruispunt/\xef\xbb\xbf/|a byte-order mark inside
J09|400 202|s/kruispunt/\xee\x80\x80/|private use
J09|400 202|s/kruispunt/\xef\xbf\xbe/|a noncharacter
J10|400|s/$/x/|trailing garbage
J10|400|s/$/{}/|two documents
J10|400|s/^/\/* c *\//|a comment
J10|400|s/}$/,}/|a trailing comma
J10|400|s/.*/"CANARY"/|a scalar
J10|400|s/.*/[]/|a list
J12|400|s/"stop_mode":"car"/"stop_mode":"CANARY"/|a code that is in no list
J12|400|s/"codeset_version":"2026.1"/"codeset_version":"1999.1"/|another version of the code lists
J13|400|s/"started_at":"2026-11-20/"started_at":"2026-02-30/|30 February
J13|400|s/"started_at":"2026-11-20T../"started_at":"2026-11-20T25/|hour 25
J13|400 202|s/"started_at":"[^"]*"/"started_at":"2026-10-25T02:30:00"/|a local time that is there twice
J13|400|s/"started_at":"[^"]*"/"started_at":"2026-11-20T10:59:60Z"/|a leap second
J13|400|s/"started_at":"[^"]*"/"started_at":"0001-01-01T00:00:00Z"/|year 1
J13|400|s/"started_at":"[^"]*"/"started_at":"9999-12-31T00:00:00Z"/|year 9999
J13|400|s/"started_at":"[^"]*"/"started_at":"2026-11-21T12:10:00Z"/|10 minutes in the future
J13|400|s/"started_at":"[^"]*"/"started_at":"2019-12-30T12:10:00Z"/|before the installation went live
J14|202|s/"finds":\[\]/"finds":[{"found_class":"firearm","illegal_in_itself":true,"linked_to_reason":"yes"}]/|a find without a search
J14|202|s/"registered_at":"[^"]*"/"registered_at":"2026-11-20T00:00:00Z"/|registered before the end of the stop
J15|202|s/BU05180704/BU03630000/|an area of another city
J15|400|s/"buurt_code":"BU05180704"/"buurt_code":"BU05180704","latitude":52.0705/|a coordinate
J16|201 202|s/Reed zonder licht/'; drop table stop; --/|SQL
J16|201 202|s/Reed zonder licht/%n%s%n%s reed door/|a format
J16|201 202|s/Reed zonder licht/<script>alert(1)<\\\/script>/|a script
J16|201 202|s/Reed zonder licht/=cmd\x7c' reed door/|a formula
J16|400 202|s/Reed zonder licht/reed\\r\\n2026-11-20 error CANARY/|a faked line of a log
J16|201 202|s/Reed zonder licht/Reed \xf0\x9f\x98\x80 zonder/|an emoji
J17|400|s/Reed zonder licht/BSN 111222333 reed/|a BSN
J17|400|s/Reed zonder licht/BSN 111 222 333 reed/|a BSN with spaces
J17|400|s/Reed zonder licht/NL91ABNA0417164300 reed/|an IBAN
J17|400|s/Reed zonder licht/bel 06-12345678 reed/|a phone number
J17|400|s/Reed zonder licht/jan@voorbeeld.nl reed/|an e-mail address
J17|202|s/Reed zonder licht/meneer Pietersen reed/|a name
CASES

# An empty body, and marks and encodings that sed cannot make.
raw() { # id statuses name file
    got=$($CURL -H "Authorization: Bearer $token" -H 'Content-Type: application/json' --data-binary "@$4" "$url/v1/stops")
    case " $2 " in *" $got "*) true ;; *) false ;; esac
    verdict $? "$1 $3" "status $got instead of $2: $(head -c 300 "$work/answer")"
}
: > "$work/raw"
raw J10 "400 411" "nothing at all" "$work/raw"
fresh
{ printf '\357\273\277'; cat "$work/record"; } > "$work/raw"
raw J08 "400" "a byte-order mark" "$work/raw"
iconv -f UTF-8 -t UTF-16 "$work/record" > "$work/raw"
raw J08 "400" "UTF-16" "$work/raw"
{ head -c 20 "$work/record"; printf '\0'; tail -c +21 "$work/record"; } > "$work/raw"
raw J08 "400" "a NUL" "$work/raw"

# Sizes: at and over the limit, deep, wide, long; the process stays under 256 MiB.
repeat() { # bytes text
    yes "$2" | tr -d '\n' | head -c "$1"
}
repeat 2048 '[' > "$work/raw"
raw J06 "400" "2,048 brackets" "$work/raw"
repeat 1048576 '[' > "$work/raw"
raw J06 "413" "1 MiB of brackets" "$work/raw"
{ printf '['; repeat 65000 '{},'; printf '{}]'; } > "$work/raw"
raw J07 "400" "objects up to the limit" "$work/raw"
{ printf '{"a":"'; repeat 1048576 'x'; printf '"}'; } > "$work/raw"
raw J11 "413" "a string of 1 MiB" "$work/raw"
{ printf '{"a":'; repeat 60000 '9'; printf '}'; } > "$work/raw"
raw J11 "400" "60,000 digits" "$work/raw"
{ printf '{'; seq 1 6000 | sed 's/.*/"k&":1,/' | tr -d '\n'; printf '"k":1}'; } > "$work/raw"
raw J11 "400" "6,000 keys" "$work/raw"
took=$(curl -s -o /dev/null -w '%{time_total}' -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
    --data-binary "@$work/raw" "$url/v1/stops")
awk -v t="$took" 'BEGIN { exit !(t < 0.5) }'
verdict $? "J11 many keys take no time" "$took s"

{ printf '['; repeat 65000 '{},'; printf '{}]'; } > "$work/raw"
for _ in $(seq 1 40); do
    for _ in $(seq 1 12); do
        curl -s -m 20 -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer $token" \
            -H 'Content-Type: application/json' --data-binary "@$work/raw" "$url/v1/stops" >> "$work/codes" &
        jobs_now="${jobs_now:-} $!"
    done
    # shellcheck disable=SC2086 # a list
    wait $jobs_now
    jobs_now=
done
same "J07 480 at once, 12 at a time: only 400, 413, 429 and 503" "" "$(sort -u "$work/codes" | grep -vE '^(400|413|429|503)$')"
peak=$(awk '/VmHWM/ {print $2}' "/proc/$service/status")
echo "peak of resident memory: $peak kB"
[ "${SANITIZED:-}" = 1 ] || [ "$peak" -lt 262144 ]
verdict $? "J06 J07 J11 the process stayed under 256 MiB" "$peak kB"
fresh
post 201 "and takes a good registration" "$work/record"
grep -q CANARY "$work/service.log"
same "J16 nothing sent is in the log" 1 $?
same "J17 no identifier is in the database" 0 "$(sql -c "SELECT count(*) FROM registration.free_text t WHERE t::text ~ '111222333|111 222 333|0417164300|12345678|voorbeeld|Pietersen'")"
service_stop
check "SIGTERM ends the service" "status $service_status after $service_took s"
exit $failed
