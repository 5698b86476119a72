-- SPDX-License-Identifier: EUPL-1.2
-- Which of these identities no longer hold.
-- $1 bigint[] numbers
-- result: identity_id bigint
SELECT identity_id FROM ingest.dead_identities($1::bigint[])
