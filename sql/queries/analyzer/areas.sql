-- SPDX-License-Identifier: EUPL-1.2
-- Areas of all sets in one year; of an area with several rows the latest.
-- $1 integer year, $2 bigint last load that counts
-- Columns: area_set, code, level, name, parent
SELECT DISTINCT ON (area_set COLLATE "C", code COLLATE "C") area_set, code, level, name, parent
  FROM reference.area_v
 WHERE valid_from_year <= $1::integer AND coalesce(valid_to_year, 9999) >= $1::integer
   AND coalesce(load_id, 0) <= $2::bigint
   AND (load_until IS NULL OR load_until > $2::bigint)
 ORDER BY area_set COLLATE "C", code COLLATE "C", valid_from_year DESC
