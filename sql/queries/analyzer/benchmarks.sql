-- SPDX-License-Identifier: EUPL-1.2
-- Named benchmarks that touch a period.
-- $1 text area set, $2 date first day, $3 date last day, $4 bigint last load that counts
-- Columns: name, area_code, group_code, family, unit, months from and until (year * 12 + month - 1), exposure
SELECT name, area_code, group_code, family, unit,
       (extract(year FROM period_from) * 12 + extract(month FROM period_from) - 1)::integer AS first,
       (extract(year FROM period_to) * 12 + extract(month FROM period_to) - 1)::integer AS last,
       exposure
  FROM reference.benchmark_v
 WHERE area_set = $1::text AND period_to >= $2::date AND period_from <= $3::date
   AND coalesce(load_id, 0) <= $4::bigint
   AND (load_until IS NULL OR load_until > $4::bigint)
 ORDER BY name COLLATE "C", area_code COLLATE "C", group_code COLLATE "C", period_from
