-- SPDX-License-Identifier: EUPL-1.2
-- One quarantined record, sealed; the look is logged with its reason.
-- $1 bigint number, $2 text reason
-- result: batch_id, line bigint, source_system, profile, codes, status text, sealed bytea
SELECT batch_id, line, source_system, profile, array_to_string(codes, ' ') AS codes, status, sealed
FROM ingest.quarantine_show($1::bigint, $2)
