-- SPDX-License-Identifier: EUPL-1.2
-- Ends a roll-up, after the ledger's entries of its batches.
-- $1 bigint roll-up, $2 bigint[] batches
SELECT ingest.close_roll_up($1, $2::bigint[])
