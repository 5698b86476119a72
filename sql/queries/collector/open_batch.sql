-- SPDX-License-Identifier: EUPL-1.2
-- Opens a batch in the caller's transaction.
-- $1 text profile, $2 text source system, $3 text base name of the file
-- result: batch_id bigint
SELECT ingest.open_batch($1, $2, $3) AS batch_id
