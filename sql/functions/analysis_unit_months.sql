-- SPDX-License-Identifier: EUPL-1.2

-- The counts of sql/unit_months.h, in that order. Batches of another area set are left out; those that do
-- not say of which count for every set. Results are a table of their own: read only when asked for.
CREATE OR REPLACE FUNCTION analysis.count_unit_months(
    p_zone text, p_area_set text, p_entry bigint, p_load bigint, p_first integer, p_last integer,
    p_results boolean)
RETURNS TABLE (month integer, unit text, counts bigint[])
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = analysis, pg_temp
SET enable_sort = off SET enable_mergejoin = off SET enable_nestloop = off SET jit = off
SET work_mem = '256MB' SET enable_partitionwise_join = on
AS $$
DECLARE
    counted bigint[];
    own     bigint[];
    -- One more than the months: where the last ends.
    starts  constant timestamptz[] := ARRAY(
        SELECT make_date(i / 12, i % 12 + 1, 1)::timestamp AT TIME ZONE p_zone
          FROM generate_series(p_first, p_last + 1) i ORDER BY i);
    closing constant timestamptz[] := ARRAY(
        SELECT make_date(i / 12, i % 12 + 1, 9)::timestamp AT TIME ZONE p_zone
          FROM generate_series(p_first + 1, p_last + 1) i ORDER BY i);
    others  text[];
    fines   text[];
    arrests text[];
BEGIN
    SELECT coalesce(array_agg(l.batch_id), '{}'),
           coalesce(array_agg(l.batch_id) FILTER (
               WHERE coalesce(b.report ->> 'area_set', p_area_set) = p_area_set), '{}')
      INTO counted, own
      FROM audit.ledger l JOIN registration.batch b ON b.batch_id = l.batch_id
     WHERE l.kind = 'batch' AND l.entry <= p_entry;
    SELECT coalesce(array_agg(DISTINCT c.code) FILTER (
               WHERE c.list IN ('behaviour', 'fact') AND 'other' = ANY (c.flags)), '{}'),
           coalesce(array_agg(DISTINCT c.code) FILTER (
               WHERE c.list = 'result' AND c.flags && ARRAY['fine', 'pv']), '{}'),
           coalesce(array_agg(DISTINCT c.code) FILTER (
               WHERE c.list = 'result' AND 'arrest' = ANY (c.flags)), '{}')
      INTO others, fines, arrests
      FROM reference.code_v c
     WHERE coalesce(c.load_id, 0) <= p_load AND (c.load_until IS NULL OR c.load_until > p_load);
    RETURN QUERY
    WITH gone AS MATERIALIZED (
        SELECT x.stop_id, x.ledger_from FROM registration.superseded x
         WHERE x.ledger_until = ANY (counted)
         UNION ALL
        SELECT x.stop_id, x.ledger_from FROM registration.stop x
         WHERE x.started_at >= starts[1] AND x.started_at < starts[cardinality(starts)]
           AND (x.tx_type = 'W'
                OR x.state NOT IN ('ACCEPTED', 'ACCEPTED_WITH_WARNINGS', 'IN_REVIEW', 'CONFIRMED',
                                   'RETURNED', 'CORRECTED', 'FROZEN', 'AMENDED', 'NFI'))),
    stops AS (
        SELECT width_bucket(s.started_at, starts) AS m, coalesce(s.unit_code, '') AS u,
               s.duration_min AS d, count(*) AS n,
               count(*) FILTER (WHERE coalesce(s.time_precision, 'exact') = 'exact') AS timed,
               count(*) FILTER (WHERE coalesce(s.time_precision, 'exact') = 'exact'
                                  AND extract(epoch FROM s.started_at)::bigint / 60 % 15 = 0) AS quarter,
               count(s.registered_at) AS registered,
               count(*) FILTER (WHERE s.registered_at >= closing[width_bucket(s.started_at, starts)]) AS late
          FROM registration.stop s
         WHERE s.started_at >= starts[1] AND s.started_at < starts[cardinality(starts)]
           AND s.ledger_from = ANY (own)
           AND NOT EXISTS (SELECT FROM gone g
                            WHERE g.stop_id = s.stop_id AND g.ledger_from = s.ledger_from)
         GROUP BY 1, 2, 3),
    of_stops AS (
        SELECT m, u, ARRAY[sum(timed), sum(quarter), coalesce(sum(n) FILTER (WHERE d IS NOT NULL), 0),
                           coalesce(max(n) FILTER (WHERE d IS NOT NULL), 0), sum(registered),
                           sum(late)]::bigint[] AS counts
          FROM stops GROUP BY 1, 2),
    of_persons AS (
        SELECT width_bucket(p.started_at, starts) AS m, coalesce(p.unit_code, '') AS u,
               ARRAY[count(*) FILTER (WHERE cardinality(p.behaviour) > 0 OR cardinality(p.fact) > 0),
                     count(*) FILTER (WHERE p.behaviour && others OR p.fact && others),
                     -- One camera sees all persons of a stop.
                     count(*) FILTER (WHERE p.person_seq = 1
                                        AND p.bodycam IN ('worn_on_full', 'worn_on_part'))] AS counts
          FROM registration.person p
         WHERE p.started_at >= starts[1] AND p.started_at < starts[cardinality(starts)]
           AND p.ledger_from = ANY (own)
           AND NOT EXISTS (SELECT FROM gone g
                            WHERE g.stop_id = p.stop_id AND g.ledger_from = p.ledger_from)
         GROUP BY 1, 2),
    of_results AS (
        SELECT width_bucket(r.started_at, starts) AS m, coalesce(p.unit_code, '') AS u,
               ARRAY[count(*) FILTER (WHERE r.result = ANY (fines)),
                     count(DISTINCT (r.stop_id, r.person_seq))
                         FILTER (WHERE r.result = ANY (arrests))] AS counts
          FROM registration.result r
          JOIN registration.person p
            ON p.stop_id = r.stop_id AND p.person_seq = r.person_seq
           AND p.ledger_from = r.ledger_from AND p.started_at = r.started_at
         WHERE p_results AND r.started_at >= starts[1] AND r.started_at < starts[cardinality(starts)]
           AND r.ledger_from = ANY (own) AND r.result = ANY (fines || arrests)
           AND NOT EXISTS (SELECT FROM gone g
                            WHERE g.stop_id = r.stop_id AND g.ledger_from = r.ledger_from)
         GROUP BY 1, 2)
    SELECT p_first + s.m - 1, s.u,
           s.counts || coalesce(p.counts, ARRAY[0, 0, 0]) || coalesce(r.counts, ARRAY[0, 0])
      FROM of_stops s LEFT JOIN of_persons p USING (m, u) LEFT JOIN of_results r USING (m, u);
END
$$;
COMMENT ON FUNCTION analysis.count_unit_months(text, text, bigint, bigint, integer, integer, boolean) IS 'Counts by unit and month for the rules of plausibility, as of a ledger entry and a load, from the registrations themselves';
