-- SPDX-License-Identifier: EUPL-1.2
-- What was set apart once is known again, also after it was dropped: by an HMAC under a key outside the
-- database, so that nobody without the key can try contents against it. Records that were set apart
-- before this have none (their content cannot be read here) and can be set apart once more.

ALTER TABLE registration.quarantine
    ADD COLUMN mac bytea UNIQUE CHECK (length(mac) = 32);
COMMENT ON COLUMN registration.quarantine.mac IS 'HMAC of the record as delivered, under a key outside the database; NULL for those set apart before it was kept';

-- Both answer more than they did, which CREATE OR REPLACE cannot change.
DROP FUNCTION IF EXISTS ingest.add_quarantine(bigint, bigint[], text, text[], bytea[]);
DROP FUNCTION IF EXISTS ingest.refuse_batch(text, text, text, bytea, bigint, jsonb);
