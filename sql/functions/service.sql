-- SPDX-License-Identifier: EUPL-1.2
-- What the service of the collector needs beside the way of a record: identities, the status of a
-- registration, messages of a batch, counts that come by HTTP. Each answers for one source system,
-- and none gives the content of a registration.

-- ---- identities ------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION ingest.add_identity(
    p_source_system text, p_label text, p_digest bytea, p_common_name text, p_expires_at timestamptz)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, pg_temp
AS $$
DECLARE
    id bigint;
BEGIN
    INSERT INTO ingest.identity (kind, source_system, label, digest, common_name, expires_at)
    VALUES (CASE WHEN p_digest IS NULL THEN 'certificate' ELSE 'token' END, p_source_system, p_label,
            p_digest, p_common_name, p_expires_at)
    RETURNING identity_id INTO id;
    PERFORM audit.append_entry('identity', NULL,
        format('{"identity_id":%s,"source_system":%s,"what":"made"}', id, to_json(p_source_system)), 0, NULL);
    RETURN id;
END
$$;
COMMENT ON FUNCTION ingest.add_identity(text, text, bytea, text, timestamptz) IS 'Makes an identity (a token by its SHA-256, or a certificate by its common name), enters it into the ledger and returns its number';

CREATE OR REPLACE FUNCTION ingest.revoke_identity(p_identity_id bigint)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, pg_temp
AS $$
BEGIN
    UPDATE ingest.identity SET revoked_at = now(), revoked_by = session_user
     WHERE identity_id = p_identity_id AND revoked_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM audit.append_entry('identity', NULL,
        format('{"identity_id":%s,"what":"revoked"}', p_identity_id), 0, NULL);
    RETURN true;
END
$$;
COMMENT ON FUNCTION ingest.revoke_identity(bigint) IS 'Revokes an identity and enters it into the ledger; false when there is none or it was revoked before';

CREATE OR REPLACE FUNCTION ingest.list_identities()
RETURNS TABLE (identity_id bigint, kind text, source_system text, label text, common_name text,
               made_at timestamptz, expires_at timestamptz, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ingest, pg_temp
AS $$
    SELECT i.identity_id, i.kind, i.source_system, i.label, i.common_name, i.made_at, i.expires_at, i.revoked_at
      FROM ingest.identity i ORDER BY i.identity_id
$$;
COMMENT ON FUNCTION ingest.list_identities() IS 'Every identity, revoked and expired ones too';

CREATE OR REPLACE FUNCTION ingest.live_identities()
RETURNS TABLE (identity_id bigint, source_system text, digest bytea, common_name text, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ingest, pg_temp
AS $$
    SELECT i.identity_id, i.source_system, i.digest, i.common_name, i.expires_at
      FROM ingest.identity i
     WHERE i.revoked_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > now())
     ORDER BY i.identity_id
$$;
COMMENT ON FUNCTION ingest.live_identities() IS 'Identities that hold now, as the service keeps them';

CREATE OR REPLACE FUNCTION ingest.dead_identities(p_identity_ids bigint[])
RETURNS TABLE (identity_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ingest, pg_temp
AS $$
    SELECT g.id FROM unnest(p_identity_ids) AS g (id)
     WHERE NOT EXISTS (SELECT FROM ingest.identity i
                        WHERE i.identity_id = g.id AND i.revoked_at IS NULL
                          AND (i.expires_at IS NULL OR i.expires_at > clock_timestamp()))
$$;
COMMENT ON FUNCTION ingest.dead_identities(bigint[]) IS 'Which of these identities no longer hold: asked again in the transaction that would store what they sent';

-- ---- what became of what was sent --------------------------------------------------------------------

CREATE OR REPLACE FUNCTION ingest.record_status(p_stop_id uuid)
RETURNS TABLE (source_version integer, tx_type text, batch_id bigint, ledger_entry bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
    SELECT k.source_version, k.tx_type, k.ledger_from, l.entry
      FROM registration.source_key k LEFT JOIN audit.ledger l ON l.batch_id = k.ledger_from
     WHERE k.stop_id = p_stop_id
    UNION ALL
    SELECT NULL, NULL, q.batch_id, l.entry
      FROM (SELECT max(q.batch_id) AS batch_id FROM registration.quarantine q
             WHERE q.stop_id = p_stop_id AND q.status = 'held') q
      LEFT JOIN audit.ledger l ON l.batch_id = q.batch_id
     WHERE q.batch_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM registration.source_key k WHERE k.stop_id = p_stop_id)
$$;
COMMENT ON FUNCTION ingest.record_status(uuid) IS 'The current version of a registration: number, kind, batch and ledger entry; without number and kind when it is only set apart; no row when there is nothing';

CREATE OR REPLACE FUNCTION ingest.upload_result(p_source_system text, p_file_name text)
RETURNS TABLE (batch_id bigint, status text, report jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
    SELECT b.batch_id, b.status, b.report FROM registration.batch b
     WHERE b.file_name = p_file_name AND b.source_system IN (p_source_system, 'unknown')
     ORDER BY b.batch_id DESC LIMIT 1
$$;
COMMENT ON FUNCTION ingest.upload_result(text, text) IS 'What became of an upload, by the name that it was given: asked when a service takes up what another left';

CREATE OR REPLACE FUNCTION ingest.batch_findings(p_batch_id bigint, p_after_line bigint, p_most integer)
RETURNS TABLE (line bigint, code text, field text, person_seq smallint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
    SELECT p.line, p.code, p.field, p.person_seq
      FROM (SELECT m.line, m.code, m.field, m.person_seq FROM registration.record_message m
             WHERE m.batch_id = p_batch_id AND m.line > p_after_line
             ORDER BY m.line FETCH FIRST p_most ROWS WITH TIES) p
     ORDER BY p.line, p.code, p.field, p.person_seq
$$;
COMMENT ON FUNCTION ingest.batch_findings(bigint, bigint, integer) IS 'Findings that kept records of a batch out, by line: as many as asked for, and what else the last line has, so that a page after it misses none';

-- Months of a source by unit that hold fewer stops than a rate can be given for, or none although the
-- unit registered before and after (X205).
CREATE OR REPLACE FUNCTION ingest.gaps(p_source_system text, p_zone text, p_from date, p_until date, p_least integer)
RETURNS TABLE (month date, unit_code text, stops bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
    WITH counted AS (
        SELECT date_trunc('month', s.started_at AT TIME ZONE p_zone)::date AS month, s.unit_code, count(*) AS stops
          FROM registration.stop s
         WHERE s.source_system = p_source_system AND s.unit_code IS NOT NULL
           AND s.started_at >= p_from::timestamp AT TIME ZONE p_zone
           AND s.started_at < p_until::timestamp AT TIME ZONE p_zone
           AND NOT EXISTS (SELECT FROM registration.superseded x
                            WHERE x.stop_id = s.stop_id AND x.ledger_from = s.ledger_from)
           AND s.tx_type <> 'W'
         GROUP BY 1, 2
    ), wanted AS (
        SELECT m::date AS month, u.unit_code
          FROM generate_series(p_from::timestamp, p_until::timestamp - interval '1 day', interval '1 month') AS m
         CROSS JOIN (SELECT DISTINCT c.unit_code FROM counted c) u
    )
    SELECT w.month, w.unit_code, coalesce(c.stops, 0)
      FROM wanted w LEFT JOIN counted c USING (month, unit_code)
     WHERE coalesce(c.stops, 0) < p_least
     ORDER BY w.month, w.unit_code COLLATE "C"
$$;
COMMENT ON FUNCTION ingest.gaps(text, text, date, date, integer) IS 'Months (first day) and units of a source with fewer stops than the least; the end of the period is not included';

-- ---- counts that come by HTTP ------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION ingest.add_control_totals(
    p_source_system text, p_name text, p_sha256 bytea, p_rows jsonb)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, reference, pg_temp
AS $$
DECLARE
    load constant bigint := reference.record_load('control-totals:http:' || p_source_system, p_name, p_sha256,
                                                  jsonb_array_length(p_rows));
BEGIN
    IF load IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO reference.control_total (source, period_from, period_to, unit_code, kind, count, load_id)
    SELECT p_source_system, x.period_from, x.period_to, coalesce(x.unit_code, 'all'), x.kind, x.count, load
      FROM jsonb_to_recordset(p_rows) AS x (period_from date, period_to date, unit_code text, kind text,
                                            count bigint)
    ON CONFLICT (source, period_from, period_to, unit_code, kind) DO UPDATE
       SET count = excluded.count, load_id = excluded.load_id;
    RETURN load;
END
$$;
COMMENT ON FUNCTION ingest.add_control_totals(text, text, bytea, jsonb) IS 'Loads control totals that a source sent; returns the number of the load, NULL when the same was loaded before';

-- Cells that name no known area or group are returned (counted from 1) and nothing is stored.
CREATE OR REPLACE FUNCTION ingest.add_aggregates(
    p_source_system text, p_sha256 bytea, p_area_set text, p_group_list text, p_rows jsonb)
RETURNS TABLE (delivery_id bigint, ord integer, field text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, analysis, reference, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    id bigint;
BEGIN
    RETURN QUERY
    SELECT NULL::bigint, u.ord::integer, b.field
      FROM jsonb_array_elements(p_rows) WITH ORDINALITY AS u (cell, ord)
     CROSS JOIN LATERAL (
        SELECT 'area_code' AS field
         WHERE NOT EXISTS (SELECT FROM reference.area a
                            WHERE a.area_set = p_area_set AND a.code = u.cell->>'area_code')
        UNION ALL
        SELECT 'group_code'
         WHERE NOT EXISTS (SELECT FROM reference.code c
                            WHERE c.list = p_group_list AND c.code = u.cell->>'group_code')) b
     ORDER BY u.ord LIMIT 100;
    IF FOUND THEN
        RETURN;
    END IF;
    INSERT INTO analysis.aggregate_delivery (source_system, sha256, rows)
    VALUES (p_source_system, p_sha256, jsonb_array_length(p_rows))
    ON CONFLICT DO NOTHING RETURNING delivery_id INTO id;
    IF id IS NOT NULL THEN
        INSERT INTO analysis.aggregate_cell
               (delivery_id, month, area_set, area_code, group_list, group_code, kind, count)
        SELECT id, (x.month || '-01')::date, p_area_set, x.area_code, p_group_list, x.group_code, x.kind, x.count
          FROM jsonb_to_recordset(p_rows) AS x (month text, area_code text, group_code text, kind text,
                                                count bigint);
        PERFORM audit.append_entry('aggregates', NULL,
            format('{"delivery_id":%s,"rows":%s,"sha256":"%s","source_system":%s}', id,
                   jsonb_array_length(p_rows), encode(p_sha256, 'hex'), to_json(p_source_system)), 0, NULL);
    END IF;
    RETURN QUERY SELECT id, NULL::integer, NULL::text;
END
$$;
COMMENT ON FUNCTION ingest.add_aggregates(text, bytea, text, text, jsonb) IS 'Stores counts by group that were computed elsewhere, or returns the cells (counted from 1) that name no known area or group; a delivery of NULL was stored before';
