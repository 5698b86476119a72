-- SPDX-License-Identifier: EUPL-1.2
-- Drops a held record with a reason.
-- $1 bigint number, $2 text reason
-- result: done boolean (false: it is not held)
SELECT ingest.quarantine_drop($1::bigint, $2) AS done
