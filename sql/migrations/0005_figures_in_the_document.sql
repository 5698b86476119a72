-- SPDX-License-Identifier: EUPL-1.2
-- A run's figures stand in its document, which is hashed and in the ledger. They are read from there
-- (view analysis.figure) and no longer kept a second time, which took most of the time of storing a
-- run and four times the room.

DROP FUNCTION IF EXISTS analysis.store_run(text, text, text, bigint, jsonb, bytea, bytea, bytea, jsonb);
DROP TABLE analysis.figure;

-- Quicker to write than the default, about as small; a server built without it keeps the default.
DO $$
BEGIN
    ALTER TABLE analysis.run ALTER COLUMN document SET COMPRESSION lz4,
                             ALTER COLUMN cells SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END
$$;
