-- SPDX-License-Identifier: EUPL-1.2

-- The counts of analyzer/cells/sums.h, in that order, over columns of registration.person as p.
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
COMMENT ON FUNCTION analysis.cell_sums() IS 'SQL text of the counts of a cell, in the order of analyzer/cells/sums.h';

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
        'AND (x.tx_type = ''W'' OR x.state NOT IN (''ACCEPTED'', ''ACCEPTED_WITH_WARNINGS'', '
        '''IN_REVIEW'', ''CONFIRMED'', ''RETURNED'', ''CORRECTED'', ''FROZEN'', ''AMENDED'', ''NFI'')))'
        || reasoned;
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

CREATE OR REPLACE FUNCTION analysis.roll_up(p_zone text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = analysis, pg_temp
AS $$
DECLARE
    done  bigint;
    head  bigint;
    added bigint[];
    older bigint[];
    mine  bigint;
BEGIN
    LOCK TABLE analysis.roll_up IN SHARE ROW EXCLUSIVE MODE;
    SELECT coalesce(max(entry_to), 0) INTO done FROM analysis.roll_up WHERE zone = p_zone;
    SELECT coalesce(max(entry), 0) INTO head FROM audit.ledger WHERE kind = 'batch';
    IF head <= done THEN
        RETURN done;
    END IF;
    SELECT array_agg(batch_id) FILTER (WHERE entry > done),
           coalesce(array_agg(batch_id) FILTER (WHERE entry <= done), '{}')
      INTO added, older
      FROM audit.ledger WHERE kind = 'batch' AND entry <= head;
    INSERT INTO analysis.roll_up (zone, entry_from, entry_to) VALUES (p_zone, done + 1, head)
    RETURNING roll_up_id INTO mine;
    INSERT INTO analysis.roll_up_cell
    SELECT mine, c.month, c.area, c.unit, c.perspective, c.group_code, c.sums
      FROM analysis.count_cells(p_zone, added, added, false, false) c;
    INSERT INTO analysis.roll_up_reason
    SELECT mine, c.month, c.area, c.perspective, c.group_code, c.reason, c.sums[1]
      FROM analysis.count_cells(p_zone, added, added, false, true) c;
    IF EXISTS (SELECT FROM registration.superseded s
                WHERE s.ledger_until = ANY (added) AND s.ledger_from = ANY (older)) THEN
        INSERT INTO analysis.roll_up_cell
        SELECT mine, c.month, c.area, c.unit, c.perspective, c.group_code,
               ARRAY(SELECT -x FROM unnest(c.sums) WITH ORDINALITY AS u (x, i) ORDER BY i)
          FROM analysis.count_cells(p_zone, older, added, true, false) c;
        INSERT INTO analysis.roll_up_reason
        SELECT mine, c.month, c.area, c.perspective, c.group_code, c.reason, -c.sums[1]
          FROM analysis.count_cells(p_zone, older, added, true, true) c;
    END IF;
    RETURN head;
END
$$;
COMMENT ON FUNCTION analysis.roll_up(text) IS 'Counts the batches that came since the last roll-up of this time zone; returns the last ledger entry that is counted';

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
