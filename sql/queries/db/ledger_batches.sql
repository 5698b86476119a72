-- SPDX-License-Identifier: EUPL-1.2
-- Batches of the ledger by number.
-- result: batch_id bigint, leaf_count bigint
SELECT l.batch_id, l.leaf_count FROM audit.ledger l WHERE l.batch_id IS NOT NULL ORDER BY l.batch_id
