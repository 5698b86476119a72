-- SPDX-License-Identifier: EUPL-1.2
-- How often each rule spoke in batches up to a ledger entry that brought areas of a set.
-- $1 bigint entry, $2 text area set
-- Columns: code, severity, count
SELECT m.code, m.severity, sum(m.count) AS count
  FROM analysis.batch_message_v m JOIN analysis.batch_v b USING (batch_id)
 WHERE b.ledger_entry <= $1::bigint AND coalesce(b.area_set, $2::text) = $2::text
 GROUP BY m.code, m.severity
 ORDER BY m.code COLLATE "C", m.severity COLLATE "C"
