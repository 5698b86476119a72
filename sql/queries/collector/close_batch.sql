-- SPDX-License-Identifier: EUPL-1.2
-- Closes a batch as stored and enters it into the ledger; the last statement before COMMIT.
-- $1 bigint batch, $2 text SHA-256 of the file in hexadecimal, $3 … $7 bigint received, accepted,
-- duplicate, quarantined, refused, $8 bigint leaves, $9 text root in hexadecimal, $10 jsonb report
-- result: entry bigint
SELECT ingest.close_batch($1::bigint, decode($2, 'hex'), $3::bigint, $4::bigint, $5::bigint, $6::bigint,
                          $7::bigint, $8::bigint, decode($9, 'hex'), $10::jsonb) AS entry
