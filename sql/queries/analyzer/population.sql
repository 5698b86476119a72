-- SPDX-License-Identifier: EUPL-1.2
-- Residents of an area set, all ages.
-- $1 text area set, $2 bigint last load that counts
-- Columns: area_code, year, class, persons, rounded_to
SELECT area_code, year, class, persons, rounded_to
  FROM reference.population_v
 WHERE area_set = $1::text AND age_band = 'all' AND coalesce(load_id, 0) <= $2::bigint
   AND (load_until IS NULL OR load_until > $2::bigint)
 ORDER BY area_code COLLATE "C", year, class COLLATE "C"
