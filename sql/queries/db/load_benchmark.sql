-- SPDX-License-Identifier: EUPL-1.2
-- Benchmarks of a file.
-- $1 jsonb array of objects, $2 bigint load
INSERT INTO reference.benchmark
       (name, area_set, area_code, group_code, period_from, period_to, exposure, unit, family, source,
        load_id)
SELECT x.name, x.area_set, x.area_code, x.group_code, x.period_from, x.period_to, x.exposure, x.unit,
       x.family, x.source, $2
  FROM jsonb_to_recordset($1) AS x (name text, area_set text, area_code text, group_code text,
                                    period_from date, period_to date, exposure numeric, unit text,
                                    family text, source text)
ON CONFLICT (name, area_set, area_code, group_code, period_from) DO UPDATE
   SET period_to = excluded.period_to, exposure = excluded.exposure, unit = excluded.unit,
       family = excluded.family, source = excluded.source, load_id = excluded.load_id
