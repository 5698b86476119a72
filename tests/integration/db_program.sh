#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# maatstaf-db as its users call it: a cluster of its own, its verbs twice, its exit codes, and what is
# left after its server was killed.
set -u
. tests/lib/check.sh
db="$BINDIR/maatstaf-db"
MAATSTAF_HOME="$home"
export MAATSTAF_HOME
unset MAATSTAF_DB MAATSTAF_CONFIG

ends() { # name, expected status, command…
    name=$1
    expected=$2
    shift 2
    "$@" > "$work/out" 2> "$work/err"
    got=$?
    [ "$got" -eq "$expected" ]
    verdict $? "$name" "status $got, expected $expected: $(cat "$work/out" "$work/err")"
}
says() { # name, text in what the last command printed
    has "$1" "$2" "$work/out" "$work/err"
}

ends "status without a cluster is a failure" 1 "$db" status
says "and says how to make one" "maatstaf db init"
ends "init makes everything" 0 "$db" init
says "and loads what is shipped" "reference rows loaded"
ends "init again changes nothing" 0 "$db" init
says "and says so" "ready: 0 migrations applied"
says "nor loads again" " 0 reference rows loaded"
ends "status of a running cluster" 0 "$db" status
says "names the server" "running: PostgreSQL 15"
ends "start of what runs is fine" 0 "$db" start
ends "a role logs in by psql" 0 "$db" psql --as auditor -- -Atc "SELECT current_user || session_user"
says "as itself" "auditorauditor"
ends "an unknown role is refused" 2 "$db" psql --as nobody_knows -- -c "SELECT 1"

printf 'area,class,persons\nNorth,white,100\n' > "$work/people.csv"
ends "a file without its area set is refused" 1 "$db" load population --year 2017 "$work/people.csv"
says "with the remedy" "--area-set"
ends "a file loads" 0 "$db" load population --area-set town --year 2017 "$work/people.csv"
ends "and again" 0 "$db" load population --area-set town --year 2017 "$work/people.csv"
says "without effect" "loaded before"
printf 'source,period_from,period_to,kind,count\nCJIB,2026-01-01,2026-01-31,fines,10\n' > "$work/totals.csv"
ends "control totals load" 0 "$db" load control-totals "$work/totals.csv"
says "under the name that the command has" "1 rows of control-totals loaded"
# A CBS table of two areas, as StatLine writes it.
printf '"ID";"WijkenEnBuurten";"SoortRegio_2";"Codering_3";"AantalInwoners_5";"WestersTotaal_17";"NietWestersTotaal_18"\n"1";"GM0518    ";"Gemeente  ";"GM0518    ";"  100";"   20";"   30"\n"2";"WK051829  ";"Wijk      ";"WK051829  ";"   50";"   10";"   15"\n' \
    > "$work/kwb-2018_table.csv"
cp "$work/kwb-2018_table.csv" "$work/table.csv"
ends "a CBS table whose name has the year loads" 0 "$db" load population --area-set cbs "$work/kwb-2018_table.csv"
ends "one without a year is refused" 2 "$db" load population --area-set cbs "$work/table.csv"
says "with the remedy" "--year"
ends "a missing file is refused" 1 "$db" load codes "$work/none.csv"
ends "a load without a file is wrong usage" 2 "$db" load codes

set -- --decision B-1 --dpia D-1 --from 2026-01-01 --until 2026-12-31
ends "a decision is recorded" 0 "$db" decide group-mode --mode perceived,self "$@"
ends "once" 0 "$db" decide group-mode --mode self,perceived "$@"
says "and known after that" "recorded before"
ends "the same decision with other content is refused" 1 "$db" decide group-mode --mode self "$@"
ends "a decision without its basis is wrong usage" 2 "$db" decide group-mode --mode self
ends "a mode that does not exist is wrong usage" 2 "$db" decide group-mode --mode all "$@"

ends "help on a kind of file shows" 0 "$db" load areas --help
says "what matters to it" "--municipality"
ends "help on another kind" 0 "$db" load codes --help
! grep -q -e --year "$work/out"
check "and leaves out what does not"

ends "psql acts as a role" 0 "$db" psql --as auditor -- -Atqc "SELECT session_user"
says "that is asked for" "auditor"
ends "a role that there is not is wrong usage" 2 "$db" psql --as "auditor' dbname='postgres" -- -Atqc "SELECT 1"
ends "a slip in a role too" 2 "$db" psql --as auditr -- -Atqc "SELECT 1"
says "with the role that was meant" "did you mean auditor"
if [ "$(id -u)" -eq 0 ] && command -v setpriv > /dev/null; then
    ends "another user may not see whether it runs" 1 setpriv --reuid nobody --clear-groups "$db" status
    says "and is told so" "may not use the cluster"
    ends "nor use it" 1 setpriv --reuid nobody --clear-groups "$db" verify-ledger
    says "and is not told to start it" "Only root and"
fi

months="SELECT ingest.ensure_partitions('2031-01-01Z', '2031-12-31Z')"
"$db" psql --as collector -- -qAtc "$months" > "$work/first" 2>&1 &
first=$!
ends "two sessions make the same months at once" 0 "$db" psql --as collector -- -qAtc "$months"
ends "and both succeed" 0 wait "$first"
# One transaction has rows in a table and stays open; another makes a month, and does not wait for it.
"$db" psql --as collector -- -qAt -c "BEGIN; INSERT INTO sensitive.officer VALUES
    (gen_random_uuid(), 0, 0, '', '2031-05-05Z', NULL); SELECT pg_sleep(3); ROLLBACK" > /dev/null 2>&1 &
open=$!
sleep 1
PGOPTIONS="-c lock_timeout=500ms"
export PGOPTIONS
ends "a month is made beside an open import" 0 "$db" psql --as collector -- -qAt \
    -c "SELECT ingest.ensure_partitions('2032-01-01Z', '2032-01-01Z')"
unset PGOPTIONS
kill "$open" 2> /dev/null
wait "$open" 2> /dev/null

ends "the ledger verifies" 0 "$db" verify-ledger
says "and prints its head" "head "
head=$(grep '^head ' "$work/out")

ends "the server is killed" 0 "$db" psql -- -Atqc \
    "SELECT pg_read_file('postmaster.pid', 0, 20)"
pid=$(head -1 "$work/out")
kill -9 "$pid"
ends "a killed server is not running" 1 "$db" status
says "and says how to start it" "maatstaf db start"
ends "it starts after that" 0 "$db" start
ends "its ledger still verifies" 0 "$db" verify-ledger
says "to the same head" "$head"

ends "the superuser tampers" 0 "$db" psql -- -qc "ALTER TABLE audit.ledger DISABLE TRIGGER ALL" \
    -c "UPDATE audit.ledger SET subject = '{}' WHERE entry = 3"
ends "and verification ends with 4" 4 "$db" verify-ledger
says "naming the entry" "entry 3"
ends "stop" 0 "$db" stop
ends "stop of what is stopped is fine" 0 "$db" stop
says "and says so" "it was not running"
ends "status of a stopped cluster" 1 "$db" status
ends "a program finds no server" 75 "$db" verify-ledger
says "and says how to start it" "maatstaf db start"
exit $failed
