-- SPDX-License-Identifier: EUPL-1.2
-- Fields that no stored batch of a source covers, of batches up to a ledger entry that brought areas of
-- a set, or do not say of which.
-- $1 bigint entry, $2 text area set
-- Columns: source_system, field (JSON pointer)
WITH stored AS (
    SELECT source_system, batch_id, not_covered
      FROM analysis.batch_v
     WHERE ledger_entry <= $1::bigint AND coalesce(area_set, $2::text) = $2::text
       AND status = 'stored' AND accepted > 0)
SELECT s.source_system, f.field
  FROM stored s, jsonb_array_elements_text(s.not_covered) AS f (field)
 GROUP BY s.source_system, f.field
HAVING count(DISTINCT s.batch_id) = (SELECT count(*) FROM stored x WHERE x.source_system = s.source_system)
 ORDER BY s.source_system COLLATE "C", f.field COLLATE "C"
