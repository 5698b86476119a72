#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# What an import puts into the ledger, seen from PostgreSQL: leaves recomputed from the server's own
# binary representation (record_send), every kind of row changed by one value and found, and what
# happens to a record that was set apart.
set -u
. tests/lib/check.sh
export MAATSTAF_NOW=2026-11-21T12:00:00Z
. tests/lib/sample.sh
verify() {
    db verify-ledger > "$work/verify" 2>&1
}

cluster
decided 2026-11-20 2026-11-20

# ---- leaves and root from record_send() ----------------------------------------------------------

# One record with everything: two persons, a find, traits, groups, an officer.
SOURCE=ledger
sample_ndjson 1 | sed 's/"officer_identified":"unprompted"/&,"officer_pseudonym":"0123456789abcdef0123456789abcdef"/
    s/"persons_present":1,"persons_registered":1/"persons_present":2,"persons_registered":2/
    s/"occupants":1/"occupants":2/
    s/"perceived_gender":"man",/&"language_barrier":false,/
    s/"outcome":{/"group":[{"perspective":"after_contact","codes":["zwart"],"perceived_before_decision":"no"}],&/
    s/"persons":\[\({.*}\)\]}$/"persons":[\1,\1]}/' |
    sed 's/"person_seq":1\(.*\)"person_seq":1,"role":"driver"/"person_seq":1\1"person_seq":2,"role":"passenger"/' \
    > "$work/whole.ndjson"
collector import --json "$work/whole.ndjson" > "$work/report" 2> "$work/log"
grep -q '"accepted":1,' "$work/report"
check "a record with every part is accepted" || { cat "$work/report" "$work/log"; exit 1; }

cat > "$work/root.sql" <<'SQL'
-- The hashed bytes of a row: record_send() without the column count and the type of each column.
CREATE FUNCTION pg_temp.bytes_of(record bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    at integer := 4;
    size bigint;
    result bytea := '';
BEGIN
    WHILE at < length(record) LOOP
        size := (get_byte(record, at + 4)::bigint << 24) + (get_byte(record, at + 5) << 16) +
                (get_byte(record, at + 6) << 8) + get_byte(record, at + 7);
        IF size = 4294967295 THEN size := 0; END IF;
        result := result || substr(record, at + 5, 4 + size::integer);
        at := at + 8 + size::integer;
    END LOOP;
    RETURN result;
END $$;
-- All rows of a table with tag, leaf and salt, whatever its columns are.
CREATE FUNCTION pg_temp.rows_of(number integer, tab regclass)
RETURNS TABLE (leaf_no integer, salt bytea, tag integer, person_seq integer, ord integer, bytes bytea)
LANGUAGE plpgsql AS $$
DECLARE
    cols text;
    has text[];
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
             FILTER (WHERE attname NOT IN ('ledger_from', 'leaf_no', 'salt')), array_agg(attname::text)
      INTO cols, has FROM pg_attribute WHERE attrelid = tab AND attnum > 0 AND NOT attisdropped;
    RETURN QUERY EXECUTE format(
        'SELECT t.leaf_no, %s, %s, %s, %s, set_byte(''\x00'', 0, %s) || pg_temp.bytes_of(record_send(ROW(%s))) FROM %s t',
        CASE WHEN 'salt' = ANY (has) THEN 't.salt' ELSE 'NULL::bytea' END, number,
        CASE WHEN 'person_seq' = ANY (has) THEN 't.person_seq::int' ELSE '0' END,
        CASE WHEN 'ord' = ANY (has) THEN 't.ord::int' ELSE '0' END, number, cols, tab);
END $$;
CREATE TEMP TABLE leaf AS
SELECT leaf_no, sha256('\x0001'::bytea || (array_agg(salt) FILTER (WHERE salt IS NOT NULL))[1] ||
                       string_agg(bytes, ''::bytea ORDER BY tag, person_seq, ord)) AS hash
FROM (SELECT * FROM pg_temp.rows_of(1, 'registration.stop')
      UNION ALL SELECT * FROM pg_temp.rows_of(2, 'registration.person')
      UNION ALL SELECT * FROM pg_temp.rows_of(3, 'registration.action')
      UNION ALL SELECT * FROM pg_temp.rows_of(4, 'registration.find')
      UNION ALL SELECT * FROM pg_temp.rows_of(5, 'registration.result')
      UNION ALL SELECT * FROM pg_temp.rows_of(6, 'registration.free_text')
      UNION ALL SELECT * FROM pg_temp.rows_of(7, 'sensitive.person_group')
      UNION ALL SELECT * FROM pg_temp.rows_of(8, 'sensitive.person_trait')
      UNION ALL SELECT * FROM pg_temp.rows_of(9, 'sensitive.officer')) r
GROUP BY leaf_no;
-- RFC 6962: the largest power of two below n to the left.
CREATE FUNCTION pg_temp.root_of(low integer, n integer) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    k integer := 1;
BEGIN
    IF n = 1 THEN RETURN (SELECT hash FROM leaf WHERE leaf_no = low); END IF;
    WHILE k * 2 < n LOOP k := k * 2; END LOOP;
    RETURN sha256('\x01'::bytea || pg_temp.root_of(low, k) || pg_temp.root_of(low + k, n - k));
END $$;
SELECT (SELECT count(*) FROM leaf) || ' ' || l.leaf_count || ' ' ||
       (pg_temp.root_of(0, (SELECT count(*)::integer FROM leaf)) = l.root)
FROM audit.ledger l WHERE l.kind = 'batch';
SQL
same_root() {
    result=$(sql -f "$work/root.sql")
    echo "leaves from the tables, leaves in the ledger, equal roots: $result"
    [ "$result" = "8 8 true" ] # core, 2 texts, 2 traits, 2 groups, officer
}
passes "leaves and root follow from PostgreSQL's own bytes" same_root
passes "the ledger verifies after an import" verify

# ---- one changed value ---------------------------------------------------------------------------

tampered() { # table column expression
    sql -c "CREATE TABLE public.kept AS SELECT * FROM $1" -c "ALTER TABLE $1 DISABLE TRIGGER USER" \
        -c "UPDATE $1 SET $2 = $3"
    verify
    found=$?
    sql -c "DELETE FROM $1" -c "INSERT INTO $1 SELECT * FROM public.kept" -c "DROP TABLE public.kept" \
        -c "ALTER TABLE $1 ENABLE TRIGGER USER"
    echo "verify-ledger ended with $found"
    cat "$work/verify"
    [ $found -eq 4 ] && verify
}
while read -r table column expression; do
    passes "a changed $column of $table is found" tampered "$table" "$column" "$expression"
done <<'LIST'
registration.stop duration_min duration_min+1
registration.stop salt set_byte(salt,0,get_byte(salt,0)#1)
registration.person age_band '18-24'
registration.person reason NULL
registration.action force '{hands}'
registration.result result 'information_given'
registration.free_text selection_text selection_text||'.'
sensitive.person_group group_class 'wit_europees'
sensitive.person_trait language_barrier NOT language_barrier
sensitive.officer officer_pseudonym reverse(officer_pseudonym)
LIST

# ---- warnings that only the database can give ----------------------------------------------------

# Stops 1 and 2 once more, from another source: same unit, minute and buurt (W040), and the same text (W062).
SOURCE=first
sample_ndjson 2 1 | sed "s/2026-11-20T/2026-11-18T/g" > "$work/first.ndjson"
SOURCE=second
sample_ndjson 3 1 | sed "s/2026-11-20T/2026-11-18T/g" > "$work/second.ndjson"
collector import "$work/first.ndjson" > /dev/null 2> "$work/log"
collector import --json "$work/second.ndjson" > "$work/report" 2>> "$work/log"
states() { # source: number of stops by state
    sql -c "SELECT string_agg(state || ' ' || n, ' ' ORDER BY state) FROM
            (SELECT state, count(*) AS n FROM registration.stop WHERE source_system = '$1' GROUP BY state) s"
}
raised() {
    states first
    states second
    cat "$work/report"
    [ "$(states second)" = "ACCEPTED 1 ACCEPTED_WITH_WARNINGS 2" ] && grep -q '"code":"I101","count":2,' "$work/report"
}
passes "a double of what is stored is accepted with warnings, and says so" raised
passes "its leaf is that of what is stored" verify
named() {
    sql -c "SELECT count(*) FILTER (WHERE b.report->>'batch_id' = b.batch_id::text
                                     AND b.report->>'ledger_entry' = l.entry::text) || ' of ' || count(*)
            FROM registration.batch b JOIN audit.ledger l ON l.batch_id = b.batch_id" | tee "$work/named"
    grep -qx '\([1-9][0-9]*\) of \1' "$work/named"
}
passes "every stored report names its batch and its ledger entry" named

# ---- set apart, looked at, tried again, dropped --------------------------------------------------

# A group on a day without a decision: E111, until a decision covers the day.
SOURCE=apart
sample_ndjson 2 7 | sed 's/2026-11-20T/2026-11-19T/g
    s/"outcome":{/"group":[{"perspective":"after_contact","codes":["zwart"]}],&/' > "$work/apart.ndjson"
collector import --json "$work/apart.ndjson" > "$work/report" 2> "$work/log"
passes "records with an error are set apart" grep -q '"quarantined":2' "$work/report"
again() { # counts: what a second delivery of the same file says, and how many are in the list
    collector import --json "$work/apart.ndjson" > "$work/report" 2> "$work/log"
    sql -c "SELECT string_agg(status, ' ' ORDER BY status) FROM registration.quarantine" > "$work/kept"
    cat "$work/report" "$work/log" "$work/kept"
    [ "$(grep -oE '"(accepted|duplicate|quarantined|received|refused)":[0-9]+' "$work/report" | tr -d '"' | tr '\n' ' ')" = \
        "accepted:0 duplicate:2 quarantined:0 received:2 refused:0 " ] &&
        grep -q '"code":"I100","count":2,' "$work/report" && ! grep -q '"code":"E111","count"' "$work/report" &&
        [ "$(cat "$work/kept")" = "$1" ]
}
passes "the same file again sets nothing apart twice" again "held held"
passes "the list shows rule and place, and no content" sh -c \
    "'$BINDIR/maatstaf-collector' quarantine list --home '$home' | tee '$work/list' | grep -c 'E111' | grep -qx 2 && ! grep -q zwart '$work/list'"
id=$(awk 'NR == 1 {print $1}' "$work/list")
next=$(awk 'NR == 2 {print $1}' "$work/list")
delivered() {
    collector quarantine show --why "a test" "$id" | tail -n +2 > "$work/shown"
    head -1 "$work/apart.ndjson" | cmp - "$work/shown"
}
passes "a record is shown as it was delivered" delivered
looks() {
    [ "$(sql -c "SELECT count(*) FROM audit.access_log WHERE action = 'quarantine_show'")" = 1 ]
}
passes "the look is logged" looks
sealed() {
    [ "$(sql -c "SELECT count(*) FROM registration.quarantine WHERE position('Reed zonder'::bytea IN sealed) > 0")" = 0 ] &&
        [ "$(sql -c "SELECT count(*) FROM registration.quarantine WHERE length(sealed) > 500")" = 2 ]
}
passes "its content is not readable in the database" sealed
still_wrong() {
    collector quarantine retry --why "a test" "$id" > "$work/retry"
    [ $? -eq 3 ] && grep -q "still held" "$work/retry" && ! grep -q "dry-run" "$work/retry" && [ "$(sql -c "SELECT status FROM registration.quarantine WHERE quarantine_id = $id")" = held ]
}
passes "a record that is still wrong stays where it is" still_wrong
swap() {
    sql -c "UPDATE registration.quarantine q SET sealed = o.sealed FROM registration.quarantine o
            WHERE q.quarantine_id IN ($id, $next) AND o.quarantine_id IN ($id, $next)
              AND o.quarantine_id <> q.quarantine_id"
}
moved() {
    swap
    collector quarantine show --why "a test" "$id"
    ended=$?
    swap
    [ $ended -ne 0 ] && delivered
}
passes "a sealed record that was moved to another place does not open" moved
first=$id
id=$next
dropped() {
    collector quarantine drop --why "delivered by mistake" "$id" &&
        [ "$(sql -c "SELECT status || coalesce(length(sealed)::text, ' gone') FROM registration.quarantine WHERE quarantine_id = $id")" = "dropped gone" ] &&
        ! collector quarantine show --why "a test" "$id"
}
passes "a dropped record is gone" dropped
passes "a dropped record does not come back with its file" again "dropped held"
id=$first
retried() {
    db decide group-mode --mode perceived --decision t2 --dpia t --from 2026-11-19 --until 2026-11-19 &&
        collector quarantine retry --why "decision t2" "$id" &&
        [ "$(sql -c "SELECT status || coalesce(length(sealed)::text, ' gone') FROM registration.quarantine WHERE quarantine_id = $id")" = "retried gone" ] &&
        [ "$(sql -c "SELECT count(*) FROM registration.stop WHERE source_system = 'apart'")" = 1 ]
}
passes "it is taken in once a decision allows it" retried
right_by_now() { # the decision covers the dropped one too: its number is free, and the delivery is a good one
    collector import --json "$work/apart.ndjson" | tee "$work/report"
    grep -q '"accepted":1,' "$work/report" && grep -q '"duplicate":1,' "$work/report" &&
        [ "$(sql -c "SELECT count(*) FROM registration.quarantine WHERE status = 'held'")" = 0 ]
}
passes "a delivery that is right by now is taken, also after a drop" right_by_now
undecided() { # the record that was retried is wrong again: the day has no decision in another source
    sed 's/"source_system":"apart"/"source_system":"elsewhere"/; s/2026-11-19T/2026-11-17T/g' "$work/apart.ndjson" > "$work/other.ndjson"
    collector import --json "$work/other.ndjson" > "$work/report" 2> "$work/log"
    cat "$work/report"
    grep -q '"quarantined":2' "$work/report"
}
passes "the same records of another source are set apart" undecided
guessable() { # no MAC of the quarantine is a hash that could be made without the key
    tail -n +1 "$work/apart.ndjson" | while read -r line; do
        for whole in "$line" "ndjson
canonical

$line"; do
            hash=$(printf '%s' "$whole" | sha256sum | cut -d' ' -f1)
            [ "$(sql -c "SELECT count(*) FROM registration.quarantine WHERE mac = decode('$hash', 'hex')")" = 0 ] || echo found
        done
    done > "$work/guessed"
    [ ! -s "$work/guessed" ] && [ "$(sql -c "SELECT count(*) FROM registration.quarantine WHERE length(mac) = 32")" = 4 ]
}
passes "what knows a record again is no plain hash of it" guessable
passes "the ledger verifies after all of it" verify
exit $failed
