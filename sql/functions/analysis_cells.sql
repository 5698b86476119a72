-- SPDX-License-Identifier: EUPL-1.2

-- The counts of sql/sums.h, in that order, over columns of registration.person as p.
CREATE OR REPLACE FUNCTION analysis.cell_sums() RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = analysis, pg_temp
AS $$
SELECT 'ARRAY[count(*),
    count(*) FILTER (WHERE p.discretion = ''low''),
    count(*) FILTER (WHERE p.discretion IN (''high'', ''medium'')),
    count(p.searched),
    count(*) FILTER (WHERE p.searched),
    count(p.hit_strict) FILTER (WHERE p.searched),
    count(*) FILTER (WHERE p.searched AND p.hit_strict),
    count(p.hit_broad) FILTER (WHERE p.searched),
    count(*) FILTER (WHERE p.searched AND p.hit_broad),
    count(p.selection_sound) FILTER (WHERE p.discretion IN (''high'', ''medium'')),
    count(*) FILTER (WHERE p.selection_sound AND p.discretion IN (''high'', ''medium'')),
    count(p.only_weak) FILTER (WHERE p.discretion IN (''high'', ''medium'')),
    count(*) FILTER (WHERE p.only_weak AND p.discretion IN (''high'', ''medium'')),
    count(p.text_quality) FILTER (WHERE p.discretion IN (''high'', ''medium'')),
    count(*) FILTER (WHERE p.text_quality = ''boilerplate'' AND p.discretion IN (''high'', ''medium'')),
    count(p.explained),
    count(*) FILTER (WHERE p.explained = ''unprompted''),
    count(*) FILTER (WHERE p.explained = ''unprompted'' AND p.reason_match IN (''full'', ''partial'')),
    count(p.reason_match),
    count(*) FILTER (WHERE p.reason_match = ''full''),
    count(*) FILTER (WHERE p.reason_match = ''partial''),
    count(p.treated_plainly),
    count(*) FILTER (WHERE p.treated_plainly),
    count(*) FILTER (WHERE p.bodycam IN (''worn_on_full'', ''worn_on_part'', ''worn_off'')),
    count(*) FILTER (WHERE p.bodycam = ''worn_on_full''),
    count(p.reflected_in_time),
    count(*) FILTER (WHERE p.reflected_in_time),
    count(p.sanctioned),
    count(*) FILTER (WHERE p.sanctioned),
    count(*) FILTER (WHERE p.prior_stops_12m_band <> ''unknown''),
    count(*) FILTER (WHERE p.prior_stops_12m_band IN (''3-4'', ''5+''))]::integer[]'
$$;
COMMENT ON FUNCTION analysis.cell_sums() IS 'SQL text of the counts of a cell, in the order of sql/sums.h';

-- Versions that no count takes: withdrawals, and states before acceptance. As the index stop_not_counted.
CREATE OR REPLACE FUNCTION analysis.stop_not_counted(p_row text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = analysis, pg_temp
AS $$
SELECT format('(%1$s.tx_type = ''W'' OR %1$s.state NOT IN (''ACCEPTED'', ''ACCEPTED_WITH_WARNINGS'', '
              '''IN_REVIEW'', ''CONFIRMED'', ''RETURNED'', ''CORRECTED'', ''FROZEN'', ''AMENDED'', ''NFI''))',
              p_row)
$$;
COMMENT ON FUNCTION analysis.stop_not_counted(text) IS 'SQL text: that a row of registration.stop is not counted';

-- Rows that count: of batches p_own unless one of p_by replaced them (p_replaced false), or those of
-- p_own that one of p_by replaced (true).
CREATE OR REPLACE FUNCTION analysis.count_cells(
    p_zone text, p_own bigint[], p_by bigint[], p_replaced boolean, p_reasons boolean)
RETURNS TABLE (month integer, area text, unit text, perspective smallint, group_code text,
               reason text, sums integer[])
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = analysis, pg_temp
SET enable_sort = off SET enable_mergejoin = off SET enable_nestloop = off SET jit = off
SET work_mem = '512MB' SET enable_partitionwise_join = on SET enable_partitionwise_aggregate = off
AS $$
DECLARE
    first integer;
    starts timestamptz[];
    source text;
    counts constant text := CASE WHEN p_reasons THEN 'ARRAY[count(*)]::integer[]'
                                 ELSE analysis.cell_sums() END;
    unit_of constant text := CASE WHEN p_reasons THEN '''''' ELSE 'coalesce(p.unit_code, '''')' END;
    reason_of constant text := CASE WHEN p_reasons THEN 'p.reason' ELSE '''''' END;
    reasoned constant text := CASE WHEN p_reasons THEN ' AND p.reason IS NOT NULL' ELSE '' END;
BEGIN
    SELECT min(extract(year FROM m.starts_at)) * 12 + 0 - 12,
           array_agg(s.t ORDER BY s.t)
      INTO first, starts
      FROM (SELECT min(starts_at) AS starts_at, max(starts_at) AS last FROM ingest.month) m,
           LATERAL (SELECT (make_date(extract(year FROM m.starts_at)::int - 1, 1, 1)
                            + make_interval(months => i))::timestamp AT TIME ZONE p_zone AS t
                      FROM generate_series(0, ((extract(year FROM m.last)
                                                - extract(year FROM m.starts_at))::int + 3) * 12) i) s;
    IF starts IS NULL THEN
        RETURN;
    END IF;
    IF p_replaced THEN
        -- Few rows, found by key; this setting ends with the function.
        PERFORM set_config('enable_nestloop', 'on', true);
        source := 'registration.superseded s JOIN registration.person p '
                  'ON p.stop_id = s.stop_id AND p.ledger_from = s.ledger_from %s '
                  'WHERE s.ledger_until = ANY ($2) AND s.ledger_from = ANY ($1)';
    ELSE
        source := 'registration.person p %s WHERE p.ledger_from = ANY ($1) '
                  'AND NOT EXISTS (SELECT FROM registration.superseded s '
                  'WHERE s.stop_id = p.stop_id AND s.ledger_from = p.ledger_from '
                  'AND s.ledger_until = ANY ($2))';
    END IF;
    source := source || ' AND NOT EXISTS (SELECT FROM registration.stop x '
        'WHERE x.stop_id = p.stop_id AND x.ledger_from = p.ledger_from '
        'AND ' || analysis.stop_not_counted('x') || ')' || reasoned;
    RETURN QUERY EXECUTE
        'SELECT $4 + width_bucket(p.started_at, $3) - 1, coalesce(p.area_code, ''''), ' || unit_of
        || ', 0::smallint, '''', ' || reason_of || ', ' || counts || ' FROM '
        || format(source, '') || ' GROUP BY 1, 2, 3, 6'
        USING p_own, p_by, starts, first;
    RETURN QUERY EXECUTE
        'SELECT $4 + width_bucket(p.started_at, $3) - 1, coalesce(p.area_code, ''''), ' || unit_of
        || ', (CASE g.perspective WHEN ''before_contact'' THEN 1 WHEN ''after_contact'' THEN 2 '
           'ELSE 3 END)::smallint, g.group_class, ' || reason_of || ', ' || counts || ' FROM '
        || format(source, 'JOIN sensitive.person_group g ON g.stop_id = p.stop_id '
                          'AND g.person_seq = p.person_seq AND g.ledger_from = p.ledger_from '
                          'AND g.started_at = p.started_at AND g.group_class IS NOT NULL')
        || ' GROUP BY 1, 2, 3, 4, 5, 6'
        USING p_own, p_by, starts, first;
END
$$;
COMMENT ON FUNCTION analysis.count_cells(text, bigint[], bigint[], boolean, boolean) IS 'Counts registrations into cells; owner only';

-- Takes off what the batches p_by replaced, wherever the replaced version was counted; `own` versions of
-- the batches themselves too when p_within (they were counted one by one).
CREATE OR REPLACE FUNCTION analysis.take_off_replaced(p_roll_up_id bigint, p_by bigint[], p_within boolean)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = analysis, pg_temp
AS $$
DECLARE
    in_zone constant text := (SELECT r.zone FROM analysis.roll_up r WHERE r.roll_up_id = p_roll_up_id);
    own     bigint[];
BEGIN
    SELECT array_agg(DISTINCT s.ledger_from) INTO own FROM registration.superseded s
     WHERE s.ledger_until = ANY (p_by) AND (p_within OR s.ledger_from <> ALL (p_by));
    IF own IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO analysis.roll_up_cell
    SELECT p_roll_up_id, c.month, c.area, c.unit, c.perspective, c.group_code,
           ARRAY(SELECT -x FROM unnest(c.sums) WITH ORDINALITY AS u (x, i) ORDER BY i)
      FROM analysis.count_cells(in_zone, own, p_by, true, false) c;
    INSERT INTO analysis.roll_up_reason
    SELECT p_roll_up_id, c.month, c.area, c.perspective, c.group_code, c.reason, -c.sums[1]
      FROM analysis.count_cells(in_zone, own, p_by, true, true) c;
END
$$;
COMMENT ON FUNCTION analysis.take_off_replaced(bigint, bigint[], boolean) IS 'Counts down the versions that some batches replaced; owner only';

-- Many small imports make many small roll-ups: they become one, so that reading costs what cells cost.
CREATE OR REPLACE FUNCTION analysis.merge_roll_ups(p_zone text, p_most integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = analysis, pg_temp
AS $$
DECLARE
    small bigint[];
    mine  bigint;
BEGIN
    SELECT array_agg(r.roll_up_id) INTO small FROM analysis.roll_up r WHERE r.zone = p_zone;
    IF coalesce(cardinality(small), 0) <= p_most THEN
        RETURN;
    END IF;
    INSERT INTO analysis.roll_up (zone, entry_to)
    SELECT p_zone, max(r.entry_to) FROM analysis.roll_up r WHERE r.roll_up_id = ANY (small)
    RETURNING roll_up_id INTO mine;
    INSERT INTO analysis.roll_up_cell
    SELECT mine, t.month, t.area, t.unit, t.perspective, t.group_code, array_agg(t.x ORDER BY t.i)
      FROM (SELECT c.month, c.area, c.unit, c.perspective, c.group_code, u.i, sum(u.x)::integer AS x
              FROM analysis.roll_up_cell c, unnest(c.sums) WITH ORDINALITY AS u (x, i)
             WHERE c.roll_up_id = ANY (small) GROUP BY 1, 2, 3, 4, 5, 6) t
     GROUP BY 2, 3, 4, 5, 6;
    INSERT INTO analysis.roll_up_reason
    SELECT mine, c.month, c.area, c.perspective, c.group_code, c.reason, sum(c.persons)::integer
      FROM analysis.roll_up_reason c WHERE c.roll_up_id = ANY (small) GROUP BY 2, 3, 4, 5, 6;
    UPDATE analysis.roll_up_batch b SET roll_up_id = mine WHERE b.roll_up_id = ANY (small);
    DELETE FROM analysis.roll_up_cell c WHERE c.roll_up_id = ANY (small);
    DELETE FROM analysis.roll_up_reason c WHERE c.roll_up_id = ANY (small);
    DELETE FROM analysis.roll_up r WHERE r.roll_up_id = ANY (small);
END
$$;
COMMENT ON FUNCTION analysis.merge_roll_ups(text, integer) IS 'Makes one roll-up of all of a time zone when there are more than p_most';

CREATE OR REPLACE FUNCTION analysis.roll_up(p_zone text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = analysis, pg_temp
AS $$
DECLARE
    head  bigint;
    added bigint[];
    mine  bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('analysis.roll_up', 0));
    SELECT coalesce(max(l.entry), 0), array_agg(l.batch_id) FILTER (WHERE b.batch_id IS NULL)
      INTO head, added
      FROM audit.ledger l
      LEFT JOIN analysis.roll_up_batch b ON b.zone = p_zone AND b.batch_id = l.batch_id
     WHERE l.kind = 'batch';
    IF added IS NOT NULL THEN
        INSERT INTO analysis.roll_up (zone, entry_to)
        SELECT p_zone, max(l.entry) FROM audit.ledger l
         WHERE l.kind = 'batch' AND l.batch_id = ANY (added)
        RETURNING roll_up_id INTO mine;
        INSERT INTO analysis.roll_up_batch SELECT p_zone, b, mine FROM unnest(added) AS b;
        INSERT INTO analysis.roll_up_cell
        SELECT mine, c.month, c.area, c.unit, c.perspective, c.group_code, c.sums
          FROM analysis.count_cells(p_zone, added, added, false, false) c;
        INSERT INTO analysis.roll_up_reason
        SELECT mine, c.month, c.area, c.perspective, c.group_code, c.reason, c.sums[1]
          FROM analysis.count_cells(p_zone, added, added, false, true) c;
        PERFORM analysis.take_off_replaced(mine, added, false);
    END IF;
    PERFORM analysis.merge_roll_ups(p_zone, 64);
    RETURN head;
END
$$;
COMMENT ON FUNCTION analysis.roll_up(text) IS 'Counts the batches that no roll-up of this time zone counts yet; returns the last ledger entry that is counted';

-- ---- counted on the way in -----------------------------------------------------------------------

-- An import counts what it stores and hands the counts in by COPY, into a roll-up of its own.
CREATE OR REPLACE FUNCTION ingest.open_roll_up(p_zone text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = analysis, pg_temp
AS $$
    INSERT INTO analysis.roll_up (zone) VALUES (p_zone) RETURNING roll_up_id
$$;
COMMENT ON FUNCTION ingest.open_roll_up(text) IS 'Opens a roll-up for the batches of the caller''s transaction';

CREATE OR REPLACE FUNCTION ingest.close_roll_up(p_roll_up_id bigint, p_batches bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = analysis, pg_temp
AS $$
BEGIN
    UPDATE analysis.roll_up r
       SET entry_to = (SELECT max(l.entry) FROM audit.ledger l
                        WHERE l.kind = 'batch' AND l.batch_id = ANY (p_batches))
     WHERE r.roll_up_id = p_roll_up_id AND r.entry_to IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'roll-up % is not open', p_roll_up_id
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    INSERT INTO analysis.roll_up_batch (zone, batch_id, roll_up_id)
    SELECT r.zone, b, p_roll_up_id FROM analysis.roll_up r, unnest(p_batches) AS b
     WHERE r.roll_up_id = p_roll_up_id;
    PERFORM analysis.take_off_replaced(p_roll_up_id, p_batches, true);
END
$$;
COMMENT ON FUNCTION ingest.close_roll_up(bigint, bigint[]) IS 'Ends an open roll-up after its batches were entered into the ledger: says which they are and takes off what they replaced';

-- Counts go into roll-ups that are still open, so that none can be added to what is stored.
CREATE OR REPLACE FUNCTION analysis.refuse_late_counts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = analysis, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT a.roll_up_id FROM added a) d
                 JOIN analysis.roll_up r USING (roll_up_id)
                WHERE r.xmin <> pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'counts are added by the transaction that makes their roll-up'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION analysis.refuse_late_counts() IS 'Fails when rows go into a roll-up of another transaction';

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['analysis.roll_up_cell', 'analysis.roll_up_reason'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER refuse_late AFTER INSERT ON %s REFERENCING NEW TABLE AS added '
                       'FOR EACH STATEMENT EXECUTE FUNCTION analysis.refuse_late_counts()', t);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_late', t);
        EXECUTE format('COMMENT ON TRIGGER refuse_late ON %s IS %L', t, 'Counts are added by the transaction that makes their roll-up');
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION analysis.recount(p_zone text, p_entry bigint, p_reasons boolean)
RETURNS TABLE (month integer, area text, unit text, perspective smallint, group_code text,
               reason text, sums integer[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = analysis, pg_temp
AS $$
DECLARE
    counted bigint[];
BEGIN
    SELECT coalesce(array_agg(batch_id), '{}') INTO counted
      FROM audit.ledger WHERE kind = 'batch' AND entry <= p_entry;
    RETURN QUERY SELECT * FROM analysis.count_cells(p_zone, counted, counted, false, p_reasons);
END
$$;
COMMENT ON FUNCTION analysis.recount(text, bigint, boolean) IS 'The cells as of a ledger entry, counted from the registrations themselves';
