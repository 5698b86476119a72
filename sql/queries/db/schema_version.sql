-- The last migration that was applied to this database.
-- version text
SELECT reference.schema_version() AS version
