#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# P15, P19: an identifier that was refused is nowhere afterwards: not in the database, its files and its WAL, not in the
# spool, not in logs, answers or what programs said. Every place of a registration gets a canary of its own, by file
# and over HTTP. Suspected ones are kept, but sealed. A text that may stay shows that the search finds what is there.
set -u
. tests/lib/check.sh
. tests/lib/sample.sh
export MAATSTAF_NOW=2026-11-21T12:00:00Z
SOURCE=canary
cluster
mkdir -p "$work/in" "$work/said"
: > "$work/canaries"
: > "$work/suspects"

bsn() { # number: the n-th number of nine digits that passes the 11-test, also kept for the search
    awk -v n="$1" 'BEGIN {
        for (base = 71300400 + 13 * n; ; base++) {
            sum = 0
            for (i = 0; i < 8; i++)
                sum += (9 - i) * substr(base, i + 1, 1)
            if (sum % 11 < 10)
                break
        }
        print base sum % 11
    }' | tee -a "$work/canaries"
}
record() { sample_ndjson 1 "$@"; } # first version tx
count=0
line() { # sed program: one more record with a canary in it (@ in the program)
    count=$((count + 1))
    canary=$(bsn $count)
    record $((500 + count)) | sed "$(printf '%s' "$1" | sed "s/@/$canary/g")" > "$work/in/one-$count.ndjson"
}

# ---- a canary in every place
text='s/"selection_text":"[^"]*"/"selection_text":"Reed door rood, bsn @ opgegeven bij de controle."/'
line "$text"
line 's/"selection_text":"/"late_reason":"@","selection_text":"/'
line 's/"registered_at"/"late_reason":"Vergeten, bsn @ stond op de pas","registered_at"/'
line 's/"tx_type":"I"/"tx_type":"I","withdrawal_reason":"dubbel met @"/'
line 's/"persons_present":1/"persons_present":2,"persons_reason":"De ander is @ en liep door"/'
line 's/"receipt_given":"digital"/"receipt_given":"not_given","receipt_reason":"Weigerde, bsn @"/'
line 's/"unit_code":"[^"]*"/"unit_code":"@"/'
line 's/"stop_mode":"car"/"stop_mode":"@"/'
line 's/"result":"warning"/"result":"fine","offence_code":"@"/'
line 's/"initiated_by":"self"/"initiated_by":"self","operation_ref":"@"/'
line 's/"legal_basis":\["WVW160_1"\]/"legal_basis":["@"]/'
line 's/"buurt_code":"[^"]*"/"buurt_code":"@"/'
line 's/"schema_version":"1.0.0"/"schema_version":"@"/'
line 's/"tx_type":"I"/"tx_type":"I","bsn":"@"/'
line 's/"tx_type":"I"/"tx_type":"I","kenmerk":"@"/'
line 's/"tx_type":"I"/"tx_type":"I","k@":1/'
line 's/"started_at":"[^"]*"/"started_at":"@"/'
line 's/"duration_min":9/"duration_min":"@"/'
line 's/}$/,"x":"@"/'
line 's/"selection_text":"[^"]*"/"selection_text":"mail naar canary@@voorbeeld.nl gestuurd vandaag"/'
line 's/"selection_text":"[^"]*"/"selection_text":"nummer \\\\u0033@ en meer"/'
places=$count
stays=kontroletekstdieblijft
record 900 | sed "s/\"selection_text\":\"[^\"]*\"/\"selection_text\":\"Reed door rood; $stays volgens de bestuurder.\"/" > "$work/in/stays.ndjson"
suspect=Qwabrovinsky
echo $suspect >> "$work/suspects"
record 901 | sed "s/\"selection_text\":\"[^\"]*\"/\"selection_text\":\"Sprak op straat met meneer $suspect over de fiets.\"/" > "$work/in/suspect.ndjson"

json=
for f in "$work"/in/*.ndjson; do # by turns the report for people and that for programs
    collector import $json "$f" >> "$work/said/import" 2>&1
    [ -n "$json" ] && json= || json=--json
done
header=$(bsn 401)
{ sample_header | sed "s/,unit_code,/,$header,/"; sample_rows 3 950; } > "$work/in/header.csv"
collector import "$work/in/header.csv" >> "$work/said/header" 2>&1
cell=$(bsn 402)
SOURCE="canary-csv"
sample_csv 30 2000 | sed "15s/,BU05180704,/,$cell,/; 16s/Reed zonder/bsn $cell reed zonder/" > "$work/in/cells.csv"
collector import "$work/in/cells.csv" >> "$work/said/cells" 2>&1
name=$(bsn 403)
sample_csv 3 3000 > "$work/in/levering-$name.csv"
collector import "$work/in/levering-$name.csv" > "$work/said/name" 2>&1
verdict $((! $?)) "a file whose name is an identifier is refused"
collector quarantine list >> "$work/said/desk" 2>&1
collector batches >> "$work/said/desk" 2>&1

search() { # list path…: the files that hold one of the list
    search_list=$1
    shift
    grep -r -a -l -F -f "$search_list" "$@" 2> /dev/null
}
nowhere() { # name list path…
    nowhere_name=$1
    shift
    nowhere_found=$(search "$@" | sed "s#$work/##" | sort | tr '\n' ' ')
    same "$nowhere_name" "" "$nowhere_found" || grep -r -a -o -h -F -f "$@" | sort | uniq -c | head
}
# ---- the same over HTTP
served=no
if command -v curl > /dev/null && command -v jq > /dev/null; then
    served=yes
    . tests/lib/service.sh
    SOURCE=canary
    token=$(collector token add --source canary --label Test 2> /dev/null)
    service_start || exit 1
    auth="Authorization: Bearer $token"
    json='Content-Type: application/json'
    ask() { # curl arguments: the answer and its head are kept
        $CURL "$@" > "$work/said/last" 2>> "$work/said/curl"
        cat "$work/answer" "$work/head" "$work/said/last" >> "$work/said/answers" 2> /dev/null
    }
    for f in "$work"/in/one-*.ndjson; do
        ask -H "$auth" -H "$json" --data-binary "@$f" "$url/v1/stops"
    done
    ask -H "$auth" "$url/v1/stops/canary/$(bsn 411)"
    ask -H "$auth" "$url/v1/$(bsn 412)/x"
    ask -H "$auth" "$url/v1/gaps?q=$(bsn 413)"
    ask -H "$auth" -H "X-Test: $(bsn 414)" "$url/v1/gaps"
    ask -H "Authorization: Bearer $(bsn 415)" "$url/v1/gaps"
    ask -H "$auth" -H "Content-Type: text/$(bsn 416)" --data-binary x "$url/v1/stops"
    ask -X "M$(bsn 417)" -H "$auth" "$url/v1/stops"
    ask -H "$auth" -H 'Content-Type: application/x-ndjson' --data-binary "@$work/in/one-1.ndjson" "$url/v1/batches?name=$(bsn 418).ndjson"
    cat "$work"/in/one-*.ndjson > "$work/in/all.ndjson"
    ask -H "$auth" -H 'Content-Type: application/x-ndjson' --data-binary "@$work/in/all.ndjson" "$url/v1/batches?name=all"
    sleep 2
    ask -H "$auth" "$url/v1/batches/$(jq -r '.id // empty' "$work/answer")"
    # The database away: a refusal needs no database, and what is spooled meanwhile is sealed and judged again.
    db stop > "$work/said/db" 2>&1
    away=$(bsn 421)
    record 921 | sed "s/\"selection_text\":\"[^\"]*\"/\"selection_text\":\"Reed door rood, bsn $away opgegeven.\"/" > "$work/in/away.ndjson"
    record 922 | sed "s/\"selection_text\":\"[^\"]*\"/\"selection_text\":\"Sprak ook daar met meneer $suspect zelf.\"/" > "$work/in/away-suspect.ndjson"
    for f in "$work/in/away.ndjson" "$work/in/away-suspect.ndjson"; do
        ask -H "$auth" -H "$json" --data-binary "@$f" "$url/v1/stops"
        cat "$work/said/last" >> "$work/away-status"
        echo >> "$work/away-status"
    done
    nowhere "no canary is in the spool while the database is away" "$work/canaries" "$home" "$work/service.log"
    nowhere "nor what is suspected" "$work/suspects" "$home" "$work/service.log"
    has "a refusal needs no database" 400 "$work/away-status"
    db start >> "$work/said/db" 2>&1
    sleep 3
    (
        cd "$work" || exit
        # shellcheck disable=SC3045 # where it is not, there is no core to look for
        ulimit -c unlimited 2> /dev/null
        kill -ABRT "$service"
    )
    wait "$service" 2> /dev/null
    dumps=$(find . "$work" "$home" -maxdepth 3 \( -name 'core' -o -name 'core.[0-9]*' \) -type f 2> /dev/null | wc -l)
    same "a service that aborts leaves no core" 0 "$dumps"
else
    skip canary-http "curl or jq is not here"
fi

# ---- where they would be
db psql -- -X -q -c CHECKPOINT > /dev/null 2>&1 || sql -c CHECKPOINT
pg_dump=$(pg_config --bindir 2> /dev/null)/pg_dump
[ -x "$pg_dump" ] || pg_dump=$(find /usr/lib/postgresql -name pg_dump 2> /dev/null | head -1)
socket=$(sql -c 'SHOW unix_socket_directories')
port=$(sql -c 'SHOW port')
user=$(sql -c 'SELECT session_user')
base=$(sql -c 'SELECT current_database()')
sql -c "SELECT 'x'" > /dev/null
PGHOST=$socket PGPORT=$port "$pg_dump" -U "$user" "$base" > "$work/dump.sql" 2> "$work/dump.err"
check "the database can be dumped" || cat "$work/dump.err"
sort -u -o "$work/canaries" "$work/canaries"
n=$(wc -l < "$work/canaries")

[ "$places" -ge 20 ] && [ "$n" -ge "$places" ]
check "every place has its canary ($places places, $n canaries, service $served)"
echo $stays > "$work/stay"
[ -n "$(search "$work/stay" "$work/dump.sql")" ]
check "what may stay is found in the dump"
[ -n "$(search "$work/stay" "$home")" ]
check "what may stay is found in the files of the server"
nowhere "no canary is in a dump of the database" "$work/canaries" "$work/dump.sql"
nowhere "no canary is in the files of the server, WAL and spool included" "$work/canaries" "$home"
nowhere "no canary is in what the programs said" "$work/canaries" "$work/said" "$work/log"
[ "$served" = no ] || nowhere "no canary is in the log of the service" "$work/canaries" "$work/service.log" "$work/service.out"
nowhere "what is suspected is nowhere in the clear" "$work/suspects" "$work/dump.sql" "$home" "$work/said"
has "what is suspected is set apart" "E120" "$work/said/desk"
exit $failed
