-- SPDX-License-Identifier: EUPL-1.2
-- Loads control totals that a source sent.
-- $1 text source system, $2 text name, $3 text SHA-256 in hexadecimal, $4 jsonb array of objects
-- result: load_id bigint; NULL when the same was loaded before
SELECT ingest.add_control_totals($1, $2, decode($3, 'hex'), $4::jsonb) AS load_id
