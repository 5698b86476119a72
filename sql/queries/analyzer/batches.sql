-- SPDX-License-Identifier: EUPL-1.2
-- Batches up to a ledger entry.
-- $1 bigint entry
-- Columns: source_system, profile, status, batches, received, accepted, duplicate, quarantined, refused
SELECT source_system, profile, status, count(*) AS batches, sum(received) AS received,
       sum(accepted) AS accepted, sum(duplicate) AS duplicate, sum(quarantined) AS quarantined,
       sum(refused) AS refused
  FROM analysis.batch_v
 WHERE ledger_entry <= $1::bigint
 GROUP BY source_system, profile, status
 ORDER BY source_system COLLATE "C", profile COLLATE "C", status COLLATE "C"
