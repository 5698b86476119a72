-- SPDX-License-Identifier: EUPL-1.2
-- The last migration that was applied to this database.
-- version text
SELECT reference.schema_version() AS version
