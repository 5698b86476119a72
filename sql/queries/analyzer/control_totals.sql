-- SPDX-License-Identifier: EUPL-1.2
-- Independent counts that touch a period; unit_code is empty for the whole city (stored as all).
-- $1 date first day, $2 date last day, $3 bigint last load that counts
-- Columns: source, unit_code, kind, first and last month (year * 12 + month - 1), count
SELECT source, CASE unit_code WHEN 'all' THEN '' ELSE unit_code END AS unit_code, kind,
       (extract(year FROM period_from) * 12 + extract(month FROM period_from) - 1)::integer AS first,
       (extract(year FROM period_to) * 12 + extract(month FROM period_to) - 1)::integer AS last,
       count
  FROM reference.control_total_v
 WHERE period_to >= $1::date AND period_from <= $2::date AND coalesce(load_id, 0) <= $3::bigint
   AND (load_until IS NULL OR load_until > $3::bigint)
 ORDER BY source COLLATE "C", kind COLLATE "C", control_total_v.unit_code COLLATE "C", period_from, period_to
