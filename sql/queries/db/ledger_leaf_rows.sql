-- SPDX-License-Identifier: EUPL-1.2
-- Stored rows of a stretch of the ledger, in no order; see audit.leaf_rows.
-- $1 bigint first batch, $2 bigint last batch, $3 integer first leaf, $4 integer last leaf
-- result, in this order: batch bigint, leaf integer, tag smallint, person_seq smallint, ord smallint,
--         salt bytea, content bytea, expected bigint
SELECT r.ledger_from, r.leaf_no, r.tag, r.person_seq, r.ord, r.salt, r.content, r.expected
  FROM audit.leaf_rows('verify-ledger', $1, $2, $3, $4) AS r
