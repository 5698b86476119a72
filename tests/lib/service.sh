# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=sh
# A running collector for test scripts, after tests/lib/check.sh and tests/lib/sample.sh; needs a cluster.
#   service_start [options]     on a free port; $url and $service are its address and process
#   service_stop                by SIGTERM; says whether it ended within 10 s with status 0
#   call STATUS NAME [curl …]   one request; body in $work/answer, head in $work/head
#   post STATUS NAME FILE       a registration, with $token
CURL="curl -s -m 20 -o ${work:?}/answer -D $work/head -w %{http_code}"
MAATSTAF_NOW=2026-11-21T12:00:00Z
export MAATSTAF_NOW

service_start() {
    : > "$work/service.out"
    "$BINDIR/maatstaf-collector" serve --home "${home:?}" --listen 127.0.0.1:0 --log-level info "$@" \
        > "$work/service.out" 2>> "$work/service.log" &
    service=$!
    service_tries=0
    while ! grep -q 'listens on' "$work/service.out" && kill -0 "$service" 2> /dev/null && [ $service_tries -lt 100 ]; do
        sleep 0.1
        service_tries=$((service_tries + 1))
    done
    url=$(sed -n 's/.*listens on //p' "$work/service.out")
    [ -n "$url" ] || { cat "$work/service.log"; return 1; }
    while [ $service_tries -lt 150 ]; do # until the code lists are read
        service_ready=$(curl -s -k -m 5 -o /dev/null -w '%{http_code}' ${service_client:-} "$url/v1/ready")
        [ "$service_ready" = 200 ] && return
        sleep 0.1
        service_tries=$((service_tries + 1))
    done
    cat "$work/service.log"
    return 1
}

service_stop() {
    service_began=$(date +%s)
    kill -TERM "$service"
    wait "$service"
    service_status=$?
    service_took=$(($(date +%s) - service_began))
    [ $service_status -eq 0 ] && [ $service_took -le 10 ]
}

call() { # status name curl-arguments…
    call_wanted=$1
    call_name=$2
    shift 2
    call_got=$($CURL "$@")
    same "$call_name" "$call_wanted" "$call_got" || { cat "$work/answer" && echo; }
}

post() { # status name file
    call "$1" "$2" -H "Authorization: Bearer ${token:?}" -H 'Content-Type: application/json' --data-binary "@$3" "$url/v1/stops"
}

answer() { # jq expression
    jq -r "$1" "$work/answer"
}
