#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The service behind TLS with an authority of this test: which certificates let a sender in (H23), and what a reload
# with a broken certificate does.
set -u
. tests/lib/check.sh
. tests/lib/sample.sh
for tool in curl jq openssl; do
    command -v $tool > /dev/null || { skip serve_tls "$tool is not here"; exit 0; }
done
. tests/lib/service.sh
cluster
SOURCE=pol-tls
ca="$work/ca"
mkdir "$ca"
authority() { # name
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
        -keyout "$ca/$1.key" -out "$ca/$1.pem" 2> /dev/null
}
signed() { # name authority CN [days]
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$3" -keyout "$ca/$1.key" -out "$ca/$1.csr" 2> /dev/null
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' > "$ca/ext"
    openssl x509 -req -in "$ca/$1.csr" -CA "$ca/$2.pem" -CAkey "$ca/$2.key" -CAcreateserial -days "${4:-2}" \
        -extfile "$ca/ext" -out "$ca/$1.pem" 2> /dev/null
}
authority good-ca
authority other-ca
signed server good-ca localhost
signed server2 good-ca localhost
signed police good-ca police.example
signed nobody good-ca nobody.example
signed stranger other-ca police.example
signed old good-ca police.example -1

token=$(collector token add --source pol-tls --label 'Token' 2> /dev/null)
collector token add --source pol-tls --label 'Certificate' --certificate police.example > "$work/out" 2>&1
same "a certificate has no token to show" 0 "$(grep -c maatstaf_ "$work/out")"
# A wall that could not stand is no service at all.
apart collector serve --listen 127.0.0.1:0 --client-required
refused "client certificates required without an authority" 1 "no authority is named"
apart collector serve --listen 127.0.0.1:0 --tls-cert "$ca/server.pem" --tls-key "$ca/server.key" --client-required
refused "the same under TLS" 1 "no authority is named"
apart collector serve --listen 127.0.0.1:0 --tls-cert "$ca/server.pem" --tls-key "$ca/server.key" --client-crl "$ca/server.pem"
refused "revoked certificates without an authority" 1 "no authority is named"
apart collector serve --listen 127.0.0.1:0 --client-ca "$ca/good-ca.pem"
refused "an authority without TLS" 1 "client certificates need TLS"
cp "$ca/server.pem" "$work/server.pem"
cp "$ca/server.key" "$work/server.key"

collector serve --listen 0.0.0.0:0 > "$work/out" 2>&1
same "plain HTTP beyond this machine is refused" 1 "$(($? != 0))"

service_start --tls-cert "$work/server.pem" --tls-key "$work/server.key" --client-ca "$ca/good-ca.pem"
check "the service starts with TLS" || exit 1
trust="--cacert $ca/good-ca.pem"
sample_ndjson 1 1 > "$work/one"
as() { # certificate: posts with it
    # shellcheck disable=SC2086 # a list of options
    $CURL $trust --cert "$ca/$1.pem" --key "$ca/$1.key" -H 'Content-Type: application/json' --data-binary "@$work/one" "$url/v1/stops"
}
# shellcheck disable=SC2086
call 201 "a token over TLS" $trust -H "Authorization: Bearer $token" -H 'Content-Type: application/json' --data-binary "@$work/one" "$url/v1/stops"
same "the certificate of a known sender is its identity" 200 "$(as police)"
same "a certificate that nobody knows gets no connection" 000 "$(as nobody)"
same "nor one of another authority" 000 "$(as stranger)"
same "nor one that is over" 000 "$(as old)"
# shellcheck disable=SC2086
same "TLS 1.2 is refused" 000 "$($CURL $trust --tls-max 1.2 "$url/v1/health")"
same "plain HTTP to this port gets no answer" 000 "$($CURL "http://${url#https://}/v1/health")"
# shellcheck disable=SC2086
call 401 "without certificate and token" $trust "$url/v1/gaps"

number=$(collector token list | awk '/CN police.example/ {print $1}')
collector token revoke "$number"
sleep 1.5
case "$(as police)" in
000 | 401) true ;;
*) false ;;
esac
check "a revoked certificate is refused"

echo broken > "$work/server.pem"
kill -HUP "$service"
sleep 0.5
# shellcheck disable=SC2086
call 200 "a reload with a broken certificate leaves the old in force" $trust "$url/v1/health"
has "and says so in the log" "certificates in force stay" "$work/service.log"
cp "$ca/server2.pem" "$work/server.pem"
cp "$ca/server2.key" "$work/server.key"
kill -HUP "$service"
sleep 0.5
serial() { openssl x509 -noout -serial; }
same "a reload with a good one takes it" "$(serial < "$ca/server2.pem")" \
    "$(openssl s_client -connect "${url#https://}" < /dev/null 2> /dev/null | serial)"
service_stop
check "SIGTERM ends the service" "status $service_status after $service_took s"

signed police2 good-ca police2.example
collector token add --source pol-tls --label 'Second' --certificate police2.example > /dev/null 2>&1
service_client="--cert $ca/police2.pem --key $ca/police2.key"
service_start --tls-cert "$work/server.pem" --tls-key "$work/server.key" --client-ca "$ca/good-ca.pem" --client-required
check "the service starts with certificates required" || exit 1
same "a known certificate gets in" 200 "$(as police2)"
# shellcheck disable=SC2086
same "without one there is no connection" 000 "$($CURL $trust -H "Authorization: Bearer $token" "$url/v1/gaps")"
service_stop
check "SIGTERM ends it too" "status $service_status after $service_took s"
exit $failed
