-- SPDX-License-Identifier: EUPL-1.2
-- Quarantined records without their content.
-- $1 text status, or NULL for all
-- result: quarantine_id, batch_id, line bigint, source_system, codes, status, why text, changed_at text
SELECT quarantine_id, batch_id, line, source_system, array_to_string(codes, ' ') AS codes, status, why,
       to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS changed_at
FROM ingest.quarantine_list($1)
