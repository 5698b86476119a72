-- SPDX-License-Identifier: EUPL-1.2
-- The head of the ledger, and the number of leaves under it.
-- result: entry bigint, entry_hash bytea, leaves bigint
SELECT h.entry, h.entry_hash, (SELECT coalesce(sum(l.leaf_count), 0) FROM audit.ledger l) AS leaves
  FROM audit.ledger_head h
