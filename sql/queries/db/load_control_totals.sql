-- SPDX-License-Identifier: EUPL-1.2
-- Control totals of a file.
-- $1 jsonb array of objects, $2 bigint load
INSERT INTO reference.control_total
       (source, period_from, period_to, unit_code, kind, count, load_id)
SELECT x.source, x.period_from, x.period_to, x.unit_code, x.kind, x.count, $2
  FROM jsonb_to_recordset($1) AS x (source text, period_from date, period_to date, unit_code text,
                                    kind text, count bigint)
ON CONFLICT (source, period_from, period_to, unit_code, kind) DO UPDATE
   SET count = excluded.count, load_id = excluded.load_id
