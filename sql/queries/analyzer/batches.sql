-- SPDX-License-Identifier: EUPL-1.2
-- Batches up to a ledger entry that brought areas of a set, or do not say of which.
-- $1 bigint entry, $2 text area set
-- Columns: source_system, profile, status, batches, received, accepted, duplicate, quarantined, refused
SELECT source_system, profile, status, count(*) AS batches, sum(received) AS received,
       sum(accepted) AS accepted, sum(duplicate) AS duplicate, sum(quarantined) AS quarantined,
       sum(refused) AS refused
  FROM analysis.batch_v
 WHERE ledger_entry <= $1::bigint AND coalesce(area_set, $2::text) = $2::text
 GROUP BY source_system, profile, status
 ORDER BY source_system COLLATE "C", profile COLLATE "C", status COLLATE "C"
