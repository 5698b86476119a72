-- SPDX-License-Identifier: EUPL-1.2
-- Cells for models, counted from the registrations when an analysis is made (docs/decisions/016): some
-- months as of a ledger entry. For each area of p_areas, p_models says which one a model tells apart;
-- NULL leaves its stops out. An area that is not in p_areas counts as '' when p_home.

-- ---- what the counting functions share, as SQL text ------------------------------------------------
-- Parameters: $1 batches, $2 first moment and $3 the one after the last, $4 time zone, $5 areas, $6 models,
-- $7 home.

CREATE OR REPLACE FUNCTION analysis.model_rows(p_row text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = analysis, pg_temp
AS $$
SELECT format('%1$s.started_at >= $2 AND %1$s.started_at < $3 AND %1$s.ledger_from = ANY ($1) '
              'AND NOT EXISTS (SELECT FROM registration.superseded s WHERE s.stop_id = %1$s.stop_id '
              'AND s.ledger_from = %1$s.ledger_from AND s.ledger_until = ANY ($1)) '
              'AND (m.model IS NOT NULL OR ($7 AND m.code IS NULL))', p_row)
$$;
COMMENT ON FUNCTION analysis.model_rows(text) IS 'SQL text: which rows count for models, as of the batches given';

CREATE OR REPLACE FUNCTION analysis.model_groups(p_row text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = analysis, pg_temp
AS $$
SELECT format(' JOIN sensitive.person_group g ON g.stop_id = %1$s.stop_id AND g.ledger_from = %1$s.ledger_from '
              'AND g.started_at = %1$s.started_at AND g.started_at >= $2 AND g.started_at < $3 '
              'AND g.group_class IS NOT NULL', p_row)
$$;
COMMENT ON FUNCTION analysis.model_groups(text) IS 'SQL text: the groups of a row''s registration, joined';

CREATE OR REPLACE FUNCTION analysis.model_other_group(p_perspective text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = analysis, pg_temp
AS $$
SELECT format(' JOIN sensitive.person_group b ON b.stop_id = g.stop_id AND b.person_seq = g.person_seq '
              'AND b.ledger_from = g.ledger_from AND b.started_at = g.started_at AND b.started_at >= $2 '
              'AND b.started_at < $3 AND b.group_class IS NOT NULL AND b.perspective = %L', p_perspective)
$$;
COMMENT ON FUNCTION analysis.model_other_group(text) IS 'SQL text: the same person''s group from another perspective, joined';

CREATE OR REPLACE FUNCTION analysis.model_areas(p_code text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = analysis, pg_temp
AS $$
SELECT format(' LEFT JOIN unnest($5, $6) AS m (code, model) ON m.code = %s', p_code)
$$;
COMMENT ON FUNCTION analysis.model_areas(text) IS 'SQL text: the area that a model tells apart, joined';

CREATE OR REPLACE FUNCTION analysis.perspective_number(p_perspective text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT (CASE p_perspective WHEN 'before_contact' THEN 1 WHEN 'after_contact' THEN 2 ELSE 3 END)::smallint
$$;
COMMENT ON FUNCTION analysis.perspective_number(text) IS '1 before contact, 2 after contact, 3 self-described';

CREATE OR REPLACE FUNCTION analysis.batches_until(p_entry bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = analysis, pg_temp
AS $$
SELECT coalesce(array_agg(l.batch_id), '{}') FROM audit.ledger l WHERE l.kind = 'batch' AND l.entry <= p_entry
$$;
COMMENT ON FUNCTION analysis.batches_until(bigint) IS 'Batches that count as of a ledger entry';

CREATE OR REPLACE FUNCTION analysis.month_start(p_month integer, p_zone text) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = analysis, pg_temp
AS $$
SELECT make_date(p_month / 12, p_month % 12 + 1, 1)::timestamp AT TIME ZONE p_zone
$$;
COMMENT ON FUNCTION analysis.month_start(integer, text) IS 'First moment of a local month, given as year * 12 + month - 1';

-- ---- counts ----------------------------------------------------------------------------------------

-- daypart: four hours of the local clock, 0 to 5; 6 more on Saturday and Sunday.
CREATE OR REPLACE FUNCTION analysis.count_like(
    p_zone text, p_entry bigint, p_first integer, p_last integer, p_areas text[], p_models text[],
    p_home boolean)
RETURNS TABLE (area text, unit text, daypart integer, basis text, mode text, perspective smallint,
               group_code text, sums integer[])
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = analysis, pg_temp
SET enable_sort = off SET enable_mergejoin = off SET enable_nestloop = off SET jit = off
SET work_mem = '512MB' SET enable_partitionwise_join = on SET enable_partitionwise_aggregate = off
AS $$
BEGIN
    RETURN QUERY EXECUTE
        'SELECT coalesce(m.model, ''''), coalesce(p.unit_code, ''''), '
        'date_part(''hour'', p.started_at AT TIME ZONE $4)::integer / 4 + CASE WHEN '
        'date_part(''isodow'', p.started_at AT TIME ZONE $4) >= 6 THEN 6 ELSE 0 END, '
        'coalesce(p.legal_basis, ''''), coalesce(p.stop_mode, ''''), '
        'analysis.perspective_number(g.perspective), g.group_class, ' || analysis.cell_sums()
        || ' FROM registration.person p' || analysis.model_groups('p') || ' AND g.person_seq = p.person_seq'
        || analysis.model_areas('p.area_code') || ' WHERE ' || analysis.model_rows('p')
        || ' AND NOT EXISTS (SELECT FROM registration.stop x WHERE x.stop_id = p.stop_id '
           'AND x.ledger_from = p.ledger_from AND x.started_at = p.started_at '
           'AND x.started_at >= $2 AND x.started_at < $3 AND ' || analysis.stop_not_counted('x')
        || ') GROUP BY 1, 2, 3, 4, 5, 6, 7'
        USING analysis.batches_until(p_entry), analysis.month_start(p_first, p_zone),
              analysis.month_start(p_last + 1, p_zone), p_zone, p_areas, p_models, p_home;
END
$$;
COMMENT ON FUNCTION analysis.count_like(text, bigint, integer, integer, text[], text[], boolean) IS 'Persons by place, unit, part of the day, legal basis, mode and group, with the counts of cell_sums()';

-- For each day from p_day on: the last minute of daylight and the first of darkness (-1: there is none),
-- and whether the clock changes near it. Between the two, and before p_from or after p_until, nobody is
-- counted. variant 0: in what light; 1: the same near a change of the clock; 2: dark says that the group
-- was not perceived before the decision, by quarters; 3: those whose time is known to the hour or worse.
CREATE OR REPLACE FUNCTION analysis.count_light(
    p_zone text, p_entry bigint, p_first integer, p_last integer, p_areas text[], p_models text[],
    p_home boolean, p_day date, p_light integer[], p_dark integer[], p_near boolean[],
    p_from integer, p_until integer)
RETURNS TABLE (variant integer, area text, minute integer, dark integer, perspective smallint,
               group_code text, n bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = analysis, pg_temp
SET enable_sort = off SET enable_mergejoin = off SET enable_nestloop = off SET jit = off
SET work_mem = '512MB' SET enable_partitionwise_join = on SET enable_partitionwise_aggregate = off
AS $$
DECLARE
    local   constant text := '(r.started_at AT TIME ZONE $4)';
    clock   constant text := format('(date_part(''hour'', %1$s) * 60 + date_part(''minute'', %1$s))::integer', local);
    day     constant text := format('[%s::date - $8 + 1]', local);
    precise constant text := 'coalesce(r.time_precision, ''exact'') IN (''exact'', ''quarter'')';
    source  constant text := ' FROM registration.stop r' || analysis.model_groups('r')
                             || analysis.model_areas('r.buurt_code');
    counted constant text := ' WHERE ' || analysis.model_rows('r') || ' AND '
                             || analysis.stop_not_counted('r') || ' IS NOT TRUE AND ';
    batches constant bigint[] := analysis.batches_until(p_entry);
    since   constant timestamptz := analysis.month_start(p_first, p_zone);
    beyond  constant timestamptz := analysis.month_start(p_last + 1, p_zone);
    -- Perceived before the decision: as the officer says, else whether a group was recorded then.
    seen    text := 'g.perceived_before_decision';
    joined  text := '';
    found   bigint;
BEGIN
    IF p_from <= p_until THEN
        RETURN QUERY EXECUTE
        'SELECT t.near::integer, t.area, t.clock / 5 * 5, (t.clock > t.light)::integer, t.perspective, '
        't.group_class, count(*) FROM (SELECT coalesce(m.model, '''') AS area, ' || clock || ' AS clock, $9'
        || day || ' AS light, $10' || day || ' AS dark, $11' || day
        || ' AS near, analysis.perspective_number(g.perspective) AS perspective, g.group_class' || source
        || counted || precise || ') t WHERE t.clock BETWEEN $12 AND $13 AND t.light >= 0 AND t.dark >= 0 '
           'AND (t.clock <= t.light OR t.clock >= t.dark) GROUP BY 1, 2, 3, 4, 5, 6'
        USING batches, since, beyond, p_zone, p_areas, p_models, p_home, p_day, p_light, p_dark, p_near,
              p_from, p_until;
    END IF;
    FOR attempt IN 1 .. 2 LOOP
        RETURN QUERY EXECUTE
            'SELECT 2, coalesce(m.model, ''''), ' || clock || ' / 15 * 15, (' || seen
            || ' = ''no'')::integer, 2::smallint, g.group_class, count(*)' || source || joined || counted
            || precise || ' AND g.perspective = ''after_contact'' AND ' || seen
            || ' IN (''yes'', ''no'') GROUP BY 1, 2, 3, 4, 5, 6'
            USING batches, since, beyond, p_zone, p_areas, p_models, p_home;
        GET DIAGNOSTICS found = ROW_COUNT;
        EXIT WHEN found > 0;
        seen := 'CASE WHEN b.group_class IN (''not_perceived'', ''not_recorded'') THEN ''no'' ELSE ''yes'' END';
        joined := analysis.model_other_group('before_contact');
    END LOOP;
    RETURN QUERY EXECUTE
        'SELECT 3, '''', 0, 0, analysis.perspective_number(g.perspective), '''', count(*)' || source || counted
        || 'NOT ' || precise || ' GROUP BY g.perspective'
        USING batches, since, beyond, p_zone, p_areas, p_models, p_home;
END
$$;
COMMENT ON FUNCTION analysis.count_light(text, bigint, integer, integer, text[], text[], boolean, date, integer[], integer[], boolean[], integer, integer) IS 'Persons by place, five minutes of the clock, light and group';

CREATE OR REPLACE FUNCTION analysis.count_both(
    p_zone text, p_entry bigint, p_first integer, p_last integer, p_areas text[], p_models text[],
    p_home boolean)
RETURNS TABLE (after_contact text, self text, n bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = analysis, pg_temp
SET enable_sort = off SET enable_mergejoin = off SET enable_nestloop = off SET jit = off
SET work_mem = '512MB' SET enable_partitionwise_join = on SET enable_partitionwise_aggregate = off
AS $$
BEGIN
    RETURN QUERY EXECUTE
        'SELECT g.group_class, b.group_class, count(*) FROM registration.stop r' || analysis.model_groups('r')
        || ' AND g.perspective = ''after_contact''' || analysis.model_other_group('self')
        || analysis.model_areas('r.buurt_code') || ' WHERE ' || analysis.model_rows('r') || ' AND '
        || analysis.stop_not_counted('r') || ' IS NOT TRUE GROUP BY 1, 2'
        USING analysis.batches_until(p_entry), analysis.month_start(p_first, p_zone),
              analysis.month_start(p_last + 1, p_zone), p_zone, p_areas, p_models, p_home;
END
$$;
COMMENT ON FUNCTION analysis.count_both(text, bigint, integer, integer, text[], text[], boolean) IS 'Persons by the group perceived after contact and the one they describe themselves as';
