-- SPDX-License-Identifier: EUPL-1.2
-- Who sent a record that was set apart can ask what became of it by its number: the id that the record
-- would have had stands beside it. Of records that were set apart before, and of those that could not
-- be read far enough, there is none.

ALTER TABLE registration.quarantine ADD COLUMN stop_id uuid;
CREATE INDEX quarantine_stop ON registration.quarantine (stop_id) WHERE status = 'held';
COMMENT ON COLUMN registration.quarantine.stop_id IS 'UUIDv5 of source system and record number as read from the record, or NULL; the key itself stays free';

-- They take or give more than they did, which CREATE OR REPLACE cannot change.
DROP FUNCTION IF EXISTS ingest.add_quarantine(bigint, bigint[], text, text[], bytea[], bytea[]);
