-- SPDX-License-Identifier: EUPL-1.2
-- Makes an identity: a token by its digest, or a certificate by its common name.
-- $1 text source system, $2 text label, $3 text SHA-256 of the token in hexadecimal or NULL,
-- $4 text common name or NULL, $5 timestamptz end or NULL
-- result: identity_id bigint
SELECT ingest.add_identity($1, $2, decode($3, 'hex'), $4, $5::timestamptz) AS identity_id
