-- SPDX-License-Identifier: EUPL-1.2
-- What the collector may do beyond COPY into the nine tables. It sees no stop: it hands in keys and
-- gets back which of them are not plainly new. All of a batch happens in one transaction.

CREATE OR REPLACE FUNCTION ingest.ensure_partitions(p_from timestamptz, p_until timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, registration, sensitive, pg_temp
AS $$
DECLARE
    tables constant text[] := ARRAY['registration.stop', 'registration.person', 'registration.action',
        'registration.find', 'registration.result', 'registration.free_text',
        'sensitive.person_group', 'sensitive.person_trait', 'sensitive.officer'];
    starts timestamp := date_trunc('month', p_from AT TIME ZONE 'UTC');
    parent text;
    part   text;
BEGIN
    IF p_until < p_from OR p_until - p_from > interval '100 years' THEN
        RAISE EXCEPTION 'partitions from % to % are not a period', p_from, p_until
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    WHILE starts AT TIME ZONE 'UTC' <= p_until LOOP
        -- A session that makes the same month waits here for the other to commit.
        INSERT INTO ingest.month VALUES (starts AT TIME ZONE 'UTC') ON CONFLICT DO NOTHING;
        IF FOUND THEN
            FOREACH parent IN ARRAY tables LOOP
                part := parent || to_char(starts, '_YYYY_MM');
                -- Made apart and then attached: attaching lets other sessions go on inserting.
                EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING COMMENTS)',
                               part, parent);
                EXECUTE format('COMMENT ON TABLE %s IS %L', part,
                               to_char(starts, '"Rows of" YYYY-MM "of the table above it"'));
                EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
                               parent, part, starts AT TIME ZONE 'UTC',
                               (starts + interval '1 month') AT TIME ZONE 'UTC');
                -- TRUNCATE guards are not inherited.
                EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s '
                               'FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', part);
                EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_truncate', part);
            END LOOP;
        END IF;
        starts := starts + interval '1 month';
    END LOOP;
END
$$;
COMMENT ON FUNCTION ingest.ensure_partitions(timestamptz, timestamptz) IS 'Makes the missing months of the nine tables for a period, both ends included';

CREATE OR REPLACE FUNCTION ingest.open_batch(p_profile text, p_source_system text, p_file_name text)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
    INSERT INTO registration.batch (profile, source_system, file_name)
    VALUES (p_profile, p_source_system, p_file_name)
    RETURNING batch_id
$$;
COMMENT ON FUNCTION ingest.open_batch(text, text, text) IS 'Opens a batch and returns its number';

CREATE OR REPLACE FUNCTION ingest.check_open(p_batch_id bigint)
RETURNS void
LANGUAGE plpgsql SET search_path = registration, pg_temp
AS $$
BEGIN
    PERFORM 1 FROM registration.batch b WHERE b.batch_id = p_batch_id AND b.status = 'open';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'batch % is not open', p_batch_id
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
END
$$;
COMMENT ON FUNCTION ingest.check_open(bigint) IS 'Fails unless the batch is open';

-- ord counts from 1. A status stands for one outcome of the table in docs: identical, conflict,
-- superseded, unknown, closed, locked, unconfirmed (a withdrawal that no second person agreed to);
-- same-batch is a second version of a record that this very batch brought: two versions of one stop
-- cannot share a batch.
CREATE OR REPLACE FUNCTION ingest.claim(
    p_batch_id bigint, p_stop_ids uuid[], p_versions integer[], p_tx_types text[], p_macs bytea[],
    p_group_macs bytea[], p_started_ats timestamptz[])
RETURNS TABLE (ord integer, status text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, registration, pg_temp
-- The planner takes the arrays for short: a nested loop over a chunk with itself took 1 s of 1.2 s.
SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
    g     record;
    held  registration.source_key;
    fresh uuid[];
BEGIN
    PERFORM ingest.check_open(p_batch_id);
    -- In the order of the index, so that one page after the other is filled; of equals the first wins.
    WITH added AS (
        INSERT INTO registration.source_key AS k
               (stop_id, source_version, record_mac, group_mac, tx_type, ledger_from, started_at)
        SELECT u.stop_id, coalesce(u.version, 1), u.mac, u.group_mac, u.tx_type, p_batch_id, u.started_at
          FROM unnest(p_stop_ids, p_versions, p_tx_types, p_macs, p_group_macs, p_started_ats)
               WITH ORDINALITY AS u (stop_id, version, tx_type, mac, group_mac, started_at, ord)
         WHERE u.tx_type = 'I' ORDER BY u.stop_id, u.ord
        ON CONFLICT (stop_id) DO NOTHING
        RETURNING k.stop_id)
    SELECT array_agg(a.stop_id) INTO fresh FROM added a;
    -- The common case: all are new, and nobody needs a second look.
    IF cardinality(fresh) = cardinality(p_stop_ids) THEN
        RETURN;
    END IF;
    FOR g IN
        WITH given AS MATERIALIZED (
            SELECT * FROM unnest(p_stop_ids, p_versions, p_tx_types, p_macs, p_group_macs, p_started_ats)
                   WITH ORDINALITY AS u (stop_id, version, tx_type, mac, group_mac, started_at, ord)
        ), stored AS (
            SELECT min(u.ord) AS ord FROM given u JOIN unnest(fresh) AS f (stop_id) ON f.stop_id = u.stop_id
             WHERE u.tx_type = 'I' GROUP BY u.stop_id
        )
        -- A record that is held unchanged needs no second look.
        SELECT u.*, (SELECT k.record_mac = u.mac FROM registration.source_key k
                      WHERE k.stop_id = u.stop_id) AS same
          FROM given u WHERE NOT EXISTS (SELECT FROM stored s WHERE s.ord = u.ord)
         ORDER BY u.ord
    LOOP
        IF g.same THEN
            ord := g.ord;
            status := 'identical';
            RETURN NEXT;
            CONTINUE;
        END IF;
        SELECT k.* INTO held FROM registration.source_key k WHERE k.stop_id = g.stop_id FOR UPDATE;
        ord := g.ord;
        status := CASE
            WHEN held.stop_id IS NULL THEN 'unknown'
            WHEN held.record_mac = g.mac THEN 'identical'
            WHEN held.tx_type IN ('N', 'W') THEN 'closed'
            WHEN g.tx_type = 'I' OR coalesce(g.version, 1) <= held.source_version THEN 'conflict'
            WHEN g.tx_type = 'U' AND g.group_mac IS DISTINCT FROM held.group_mac
                 AND NOT ingest.agreed('unlock-agreed', g.stop_id, held.ledger_from) THEN 'locked'
            WHEN g.tx_type = 'W'
                 AND NOT ingest.agreed('withdrawal-agreed', g.stop_id, held.ledger_from) THEN 'unconfirmed'
            WHEN held.ledger_from = p_batch_id THEN 'same-batch'
            ELSE 'superseded' END;
        IF status = 'superseded' THEN
            INSERT INTO registration.superseded VALUES (g.stop_id, held.ledger_from, p_batch_id);
            -- A withdrawal carries no group of its own: the lock of the first acceptance stays, and
            -- that of a group which two persons unlocked takes its place.
            UPDATE registration.source_key k
               SET source_version = g.version, record_mac = g.mac, tx_type = g.tx_type,
                   group_mac = CASE g.tx_type WHEN 'U' THEN g.group_mac ELSE k.group_mac END,
                   ledger_from = p_batch_id, started_at = g.started_at
             WHERE k.stop_id = g.stop_id;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION ingest.claim(bigint, uuid[], integer[], text[], bytea[], bytea[], timestamptz[]) IS 'Takes the keys of a chunk of records; returns, counted from 1, those that are not plainly new, with what they are';

CREATE OR REPLACE FUNCTION ingest.similar_doubles(
    p_batch_id bigint, p_units text[], p_areas text[], p_starts timestamptz[])
RETURNS TABLE (ord integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = registration, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_hashjoin = off SET enable_mergejoin = off
SET enable_seqscan = off
AS $$
DECLARE
    -- Known before the plan starts, these leave only the partitions that the chunk is in: with 26 of
    -- them, looking each stop up through all took ten times as long.
    first_start constant timestamptz := date_trunc('minute', (SELECT min(t) FROM unnest(p_starts) AS t));
    last_start  constant timestamptz := (SELECT max(t) FROM unnest(p_starts) AS t);
BEGIN
    -- One look into the index a stop (LIMIT keeps it from becoming a join of the chunk with a whole month).
    RETURN QUERY
    SELECT g.nr::integer
      FROM unnest(p_units, p_areas, p_starts) WITH ORDINALITY AS g (unit, area, starts, nr)
     CROSS JOIN LATERAL (
            SELECT FROM registration.stop s
             WHERE s.unit_code = g.unit AND s.buurt_code = g.area
               AND s.started_at >= date_trunc('minute', g.starts)
               AND s.started_at < date_trunc('minute', g.starts) + interval '1 minute'
               AND s.started_at >= first_start AND s.started_at < last_start + interval '1 minute'
               AND s.ledger_from <> p_batch_id AND s.time_precision = 'exact'
               AND NOT EXISTS (SELECT FROM registration.superseded x
                                WHERE x.stop_id = s.stop_id AND x.ledger_from = s.ledger_from)
             LIMIT 1) d;
END
$$;
COMMENT ON FUNCTION ingest.similar_doubles(bigint, text[], text[], timestamptz[]) IS 'Which stops of a chunk, counted from 1, share unit, area and start minute with a stop that another batch brought';

-- A sketch has one bit for each of 64 bins of trigrams: whether an odd number fell into it. Two texts
-- whose sketches differ in d bits differ in at least d trigrams, and more than 90% alike means fewer than
-- (sizes added) * 0.1 / 1.9: so the dear comparison is made for hardly any pair, and none is missed.
CREATE OR REPLACE FUNCTION ingest.text_sketch(p_text text, OUT size bigint, OUT sketch bigint)
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp
AS $$
    SELECT count(*), bit_xor(1::bigint << (hashtext(t) & 63)) FROM unnest(show_trgm(p_text)) AS t
$$;
COMMENT ON FUNCTION ingest.text_sketch(text) IS 'Number of trigrams of a text, and 64 bits by which unlike texts are told apart';

CREATE OR REPLACE FUNCTION ingest.similar_texts(p_units text[], p_texts text[])
RETURNS TABLE (ord integer, similarity real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = registration, public, pg_temp
AS $$
    WITH given AS MATERIALIZED (
        SELECT u.unit, u.text, u.ord, k.size, k.sketch
          FROM unnest(p_units, p_texts) WITH ORDINALITY AS u (unit, text, ord)
         CROSS JOIN LATERAL ingest.text_sketch(u.text) k
    ), recent AS MATERIALIZED (
        SELECT u.unit, t.text, k.size, k.sketch
          FROM (SELECT DISTINCT g.unit FROM given g) u
         CROSS JOIN LATERAL (
            -- The latest stops by index first, then their texts by key: never a scan of all.
            SELECT f.selection_text AS text
              FROM (SELECT s.stop_id, s.ledger_from, s.started_at FROM registration.stop s
                     WHERE s.unit_code = u.unit ORDER BY s.started_at DESC LIMIT 64) l
             CROSS JOIN LATERAL (
                SELECT x.selection_text FROM registration.free_text x
                 WHERE x.stop_id = l.stop_id AND x.ledger_from = l.ledger_from
                   AND x.started_at = l.started_at LIMIT 8) f
             ORDER BY l.started_at DESC LIMIT 32) t
         CROSS JOIN LATERAL ingest.text_sketch(t.text) k
    ), alike AS (
        SELECT g.ord, CASE WHEN bit_count((g.sketch # r.sketch)::bit(64))
                                < (g.size + r.size) * 0.1::float8 / 1.9::float8
                           THEN similarity(g.text, r.text) END AS similarity
          FROM given g JOIN recent r ON r.unit = g.unit
    )
    SELECT a.ord::integer, max(a.similarity) FROM alike a WHERE a.similarity > 0.9 GROUP BY a.ord
$$;
COMMENT ON FUNCTION ingest.similar_texts(text[], text[]) IS 'Which texts, counted from 1, are more than 90% alike one of the 32 latest texts among the 64 latest stops of their unit';

-- The report is written before either number is known.
CREATE OR REPLACE FUNCTION ingest.name_report(p_batch_id bigint, p_entry bigint)
RETURNS void
LANGUAGE sql SET search_path = registration, pg_temp
AS $$
    UPDATE registration.batch
       SET report = report || jsonb_build_object('batch_id', p_batch_id, 'ledger_entry', p_entry)
     WHERE batch_id = p_batch_id
$$;
COMMENT ON FUNCTION ingest.name_report(bigint, bigint) IS 'Puts the numbers of a batch and of its ledger entry into its stored report';

CREATE OR REPLACE FUNCTION ingest.close_batch(
    p_batch_id bigint, p_file_sha256 bytea, p_received bigint, p_accepted bigint, p_duplicate bigint,
    p_quarantined bigint, p_refused bigint, p_leaf_count bigint, p_root bytea, p_report jsonb)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, registration, pg_temp
AS $$
DECLARE
    b     registration.batch;
    entry bigint;
BEGIN
    PERFORM ingest.check_open(p_batch_id);
    SELECT x.* INTO STRICT b FROM registration.batch x WHERE x.batch_id = p_batch_id;
    b.file_sha256 := p_file_sha256;
    b.received := p_received;
    b.accepted := p_accepted;
    b.duplicate := p_duplicate;
    b.quarantined := p_quarantined;
    b.refused := p_refused;
    entry := audit.append_entry('batch', p_batch_id, ingest.batch_subject(b), p_leaf_count, p_root);
    -- One write: groups of single posts close a batch many times a second.
    UPDATE registration.batch x
       SET file_sha256 = b.file_sha256, status = 'stored', received = b.received,
           accepted = b.accepted, duplicate = b.duplicate, quarantined = b.quarantined,
           refused = b.refused, closed_at = clock_timestamp(),
           report = p_report || jsonb_build_object('batch_id', p_batch_id, 'ledger_entry', entry)
     WHERE x.batch_id = p_batch_id;
    RETURN entry;
END
$$;
COMMENT ON FUNCTION ingest.close_batch(bigint, bytea, bigint, bigint, bigint, bigint, bigint, bigint, bytea, jsonb) IS 'Closes a batch as stored and enters it into the ledger; returns the number of the entry';

CREATE OR REPLACE FUNCTION ingest.refuse_batch(
    p_profile text, p_source_system text, p_file_name text, p_file_sha256 bytea, p_received bigint,
    p_report jsonb, OUT batch_id bigint, OUT entry bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, registration, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    b registration.batch;
BEGIN
    INSERT INTO registration.batch (profile, source_system, file_name, file_sha256, status, received,
                                    refused, report, closed_at)
    VALUES (p_profile, p_source_system, p_file_name, p_file_sha256, 'refused', p_received,
            p_received, p_report, clock_timestamp())
    RETURNING * INTO b;
    refuse_batch.batch_id := b.batch_id;
    refuse_batch.entry :=
        audit.append_entry('batch-refused', b.batch_id, ingest.batch_subject(b), 0, NULL);
    PERFORM ingest.name_report(b.batch_id, refuse_batch.entry);
END
$$;
COMMENT ON FUNCTION ingest.refuse_batch(text, text, text, bytea, bigint, jsonb) IS 'Records a batch that was refused whole, after its rows were rolled back; returns its number and that of its ledger entry';

CREATE OR REPLACE FUNCTION ingest.batch_subject(b registration.batch)
RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = registration, pg_temp
AS $$
    SELECT format('{"accepted":%s,"duplicate":%s,"file_sha256":%s,"profile":%s,"quarantined":%s,'
                  '"received":%s,"refused":%s,"source_system":%s}',
                  b.accepted, b.duplicate, coalesce('"' || encode(b.file_sha256, 'hex') || '"', 'null'),
                  to_json(b.profile), b.quarantined, b.received, b.refused, to_json(b.source_system))
$$;
COMMENT ON FUNCTION ingest.batch_subject(registration.batch) IS 'What the ledger says of a batch, as canonical JSON';

CREATE OR REPLACE FUNCTION ingest.add_messages(
    p_batch_id bigint, p_lines bigint[], p_codes text[], p_fields text[], p_person_seqs smallint[])
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
    INSERT INTO registration.record_message (batch_id, line, code, field, person_seq)
    SELECT p_batch_id, u.* FROM unnest(p_lines, p_codes, p_fields, p_person_seqs) AS u
$$;
COMMENT ON FUNCTION ingest.add_messages(bigint, bigint[], text[], text[], smallint[]) IS 'Stores findings by line';

CREATE OR REPLACE FUNCTION ingest.count_messages(
    p_batch_id bigint, p_codes text[], p_severities text[], p_fields text[], p_counts bigint[])
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
    INSERT INTO registration.batch_message AS m (batch_id, code, severity, field, count)
    SELECT p_batch_id, u.code, min(u.severity), coalesce(u.field, ''), sum(u.n)
      FROM unnest(p_codes, p_severities, p_fields, p_counts) AS u (code, severity, field, n)
     GROUP BY u.code, coalesce(u.field, '')
    ON CONFLICT (batch_id, code, field) DO UPDATE SET count = m.count + excluded.count
$$;
COMMENT ON FUNCTION ingest.count_messages(bigint, text[], text[], text[], bigint[]) IS 'Adds to how often each rule spoke in a batch';

CREATE OR REPLACE FUNCTION ingest.add_quarantine(
    p_batch_id bigint, p_lines bigint[], p_source_system text, p_codes text[], p_sealed bytea[],
    p_macs bytea[], p_stop_ids uuid[] DEFAULT NULL)
RETURNS TABLE (ord integer)
LANGUAGE sql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
    WITH given AS MATERIALIZED (
        SELECT * FROM unnest(p_lines, p_codes, p_sealed, p_macs, p_stop_ids)
               WITH ORDINALITY AS u (line, codes, sealed, mac, stop_id, ord)
    ), added AS (
        -- In the order of the file, as the numbers are read by people; of equals the first wins.
        INSERT INTO registration.quarantine AS q
               (batch_id, line, source_system, codes, sealed, mac, stop_id)
        SELECT p_batch_id, g.line, p_source_system, string_to_array(g.codes, '|'), g.sealed, g.mac, g.stop_id
          FROM given g ORDER BY g.ord
        ON CONFLICT (mac) DO NOTHING
        RETURNING q.line, q.mac)
    SELECT g.ord::integer FROM given g
     WHERE NOT EXISTS (SELECT FROM added a WHERE a.mac = g.mac AND a.line = g.line)
$$;
COMMENT ON FUNCTION ingest.add_quarantine(bigint, bigint[], text, text[], bytea[], bytea[], uuid[]) IS 'Sets records apart; codes of a record are joined by |. Returns, counted from 1, those that were set apart before, whatever became of them';

CREATE OR REPLACE FUNCTION ingest.quarantine_list(p_status text)
RETURNS TABLE (quarantine_id bigint, batch_id bigint, line bigint, source_system text, codes text[],
               status text, why text, changed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
    SELECT q.quarantine_id, q.batch_id, q.line, q.source_system, q.codes, q.status, q.why, q.changed_at
      FROM registration.quarantine q
     WHERE p_status IS NULL OR q.status = p_status
     ORDER BY q.quarantine_id
$$;
COMMENT ON FUNCTION ingest.quarantine_list(text) IS 'Quarantined records without their content; NULL lists every status';

CREATE OR REPLACE FUNCTION ingest.quarantine_show(p_quarantine_id bigint, p_why text)
RETURNS TABLE (batch_id bigint, line bigint, source_system text, profile text, codes text[],
               status text, sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM audit.log_access('quarantine_show', p_quarantine_id::text, p_why);
    RETURN QUERY
    SELECT q.batch_id, q.line, q.source_system, b.profile, q.codes, q.status, q.sealed
      FROM registration.quarantine q JOIN registration.batch b ON b.batch_id = q.batch_id
     WHERE q.quarantine_id = p_quarantine_id;
END
$$;
COMMENT ON FUNCTION ingest.quarantine_show(bigint, text) IS 'One quarantined record, sealed; the look is logged';

CREATE OR REPLACE FUNCTION ingest.quarantine_settle(p_quarantine_id bigint, p_status text, p_why text)
RETURNS boolean
LANGUAGE plpgsql SET search_path = registration, pg_temp
AS $$
BEGIN
    IF coalesce(p_why, '') = '' THEN
        RAISE EXCEPTION 'a reason is needed' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    UPDATE registration.quarantine
       SET status = p_status, why = p_why, sealed = NULL, changed_at = now()
     WHERE quarantine_id = p_quarantine_id AND status = 'held';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM audit.append_entry('quarantine-' || p_status, NULL,
                               format('{"quarantine_id":%s}', p_quarantine_id), 0, NULL);
    RETURN true;
END
$$;
COMMENT ON FUNCTION ingest.quarantine_settle(bigint, text, text) IS 'Ends a held record, removes its content and enters it into the ledger';

CREATE OR REPLACE FUNCTION ingest.quarantine_drop(p_quarantine_id bigint, p_why text)
RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = ingest, pg_temp
AS $$ SELECT ingest.quarantine_settle(p_quarantine_id, 'dropped', p_why) $$;
COMMENT ON FUNCTION ingest.quarantine_drop(bigint, text) IS 'Drops a held record with a reason; false when it is not held';

CREATE OR REPLACE FUNCTION ingest.quarantine_retried(p_quarantine_id bigint, p_why text)
RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = ingest, pg_temp
AS $$ SELECT ingest.quarantine_settle(p_quarantine_id, 'retried', p_why) $$;
COMMENT ON FUNCTION ingest.quarantine_retried(bigint, text) IS 'Marks a held record as taken in after correction; false when it is not held';

-- Foreign sources bring codes of their own. They live in lists named after the source, so that no code
-- of another city becomes valid here; what is there already is never changed.
CREATE OR REPLACE FUNCTION ingest.add_foreign_code(
    p_list text, p_code text, p_valid_from date, p_flags text[], p_label_nl text, p_label_en text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, reference, pg_temp
AS $$
BEGIN
    IF p_list NOT LIKE '%_:_%' THEN
        RAISE EXCEPTION 'a foreign list is named list:source' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO reference.code (list, code, valid_from, flags, label_nl, label_en, ord)
    SELECT p_list, p_code, p_valid_from, p_flags, p_label_nl, p_label_en,
           coalesce(max(c.ord), 0) + 1
      FROM reference.code c WHERE c.list = p_list
    ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION ingest.add_foreign_code(text, text, date, text[], text, text) IS 'Adds a code of a foreign source to a list named after it (list:source); nothing when it is there already';

-- A source whose area codes are all taken: what a batch brought becomes its area table, under one city
-- row, and its months are in its own time zone. What was loaded is never changed.
CREATE OR REPLACE FUNCTION ingest.add_seen_areas(p_batch_id bigint, p_area_set text, p_zone text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, registration, reference, pg_temp
AS $$
BEGIN
    PERFORM ingest.check_open(p_batch_id);
    IF p_area_set = (SELECT value FROM reference.setting WHERE name = 'area_set') THEN
        RAISE EXCEPTION 'the areas of the installation are loaded, not seen'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO reference.area (area_set, code, level, name, parent, valid_from_year)
    SELECT p_area_set, p_area_set, 'city', p_area_set, NULL, 1900
     WHERE NOT EXISTS (SELECT FROM reference.area a WHERE a.area_set = p_area_set AND a.level = 'city')
    ON CONFLICT DO NOTHING;
    INSERT INTO reference.area (area_set, code, level, name, parent, valid_from_year)
    SELECT DISTINCT p_area_set, s.buurt_code, 'area', s.buurt_code,
           (SELECT min(a.code) FROM reference.area a WHERE a.area_set = p_area_set AND a.level = 'city'), 1900
      FROM registration.stop s
     WHERE s.ledger_from = p_batch_id AND s.buurt_code IS NOT NULL
       AND NOT EXISTS (SELECT FROM reference.area a
                        WHERE a.area_set = p_area_set AND a.code = s.buurt_code)
    ON CONFLICT DO NOTHING;
    INSERT INTO reference.setting (name, value, note)
    SELECT 'time_zone:' || p_area_set, p_zone, 'months of this source''s stops; from its profile'
     WHERE p_zone IS NOT NULL
    ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION ingest.add_seen_areas(bigint, text, text) IS 'Makes the area codes that an open batch brought the areas of its foreign set, and keeps the time zone of the set';

-- Rows of a registration are never changed in place, nor emptied, by whomever.
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['registration.stop', 'registration.person', 'registration.action',
        'registration.find', 'registration.result', 'registration.free_text',
        'sensitive.person_group', 'sensitive.person_trait', 'sensitive.officer'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s '
                       'FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', t);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_truncate', t);
        EXECUTE format('COMMENT ON TRIGGER refuse_truncate ON %s IS %L', t, 'Not emptied by TRUNCATE');
        EXECUTE format('CREATE OR REPLACE TRIGGER refuse_update BEFORE UPDATE ON %s '
                       'FOR EACH ROW EXECUTE FUNCTION audit.refuse_change()', t);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_update', t);
        EXECUTE format('COMMENT ON TRIGGER refuse_update ON %s IS %L', t, 'No stored version changes');
    END LOOP;
END
$$;
