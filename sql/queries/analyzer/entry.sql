-- SPDX-License-Identifier: EUPL-1.2
-- The hash of one ledger entry.
-- $1 bigint: entry
-- Columns: entry_hash
SELECT entry_hash FROM analysis.ledger_entry_v WHERE entry = $1::bigint
