-- SPDX-License-Identifier: EUPL-1.2
-- Marks a held record as taken in after all.
-- $1 bigint number, $2 text reason
-- result: done boolean (false: it is not held)
SELECT ingest.quarantine_retried($1::bigint, $2) AS done
