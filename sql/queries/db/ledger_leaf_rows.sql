-- SPDX-License-Identifier: EUPL-1.2
-- Every stored row in ledger order; see audit.leaf_rows.
SELECT r.ledger_from, r.leaf_no, r.tag, r.salt, r.content, r.expected
  FROM audit.leaf_rows('verify-ledger') AS r
