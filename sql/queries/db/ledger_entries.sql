-- SPDX-License-Identifier: EUPL-1.2
-- The ledger in order, with what its hashes are made of.
-- result: entry bigint, recorded bytea (8 bytes), kind text, subject text, batch_id bigint,
--         leaf_count bigint, root bytea, previous bytea, entry_hash bytea
SELECT l.entry, timestamptz_send(l.recorded_at) AS recorded, l.kind, l.subject, l.batch_id,
       l.leaf_count, l.root, l.previous, l.entry_hash
  FROM audit.ledger l ORDER BY l.entry
