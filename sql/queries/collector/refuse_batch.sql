-- SPDX-License-Identifier: EUPL-1.2
-- Records a batch that was refused whole, after its rows were rolled back.
-- $1 text profile, $2 text source system, $3 text base name, $4 text SHA-256 in hexadecimal,
-- $5 bigint received, $6 jsonb report
-- result: batch_id, entry bigint
SELECT batch_id, entry
FROM ingest.refuse_batch($1, $2, $3, decode($4, 'hex'), $5::bigint, $6::jsonb)
