-- SPDX-License-Identifier: EUPL-1.2
-- Settings that are not there yet: what an installation changed stays.
-- $1 jsonb array of objects, $2 bigint load (not kept with the settings)
INSERT INTO reference.setting (name, value, note)
SELECT x.name, x.value, x.note FROM jsonb_to_recordset($1) AS x (name text, value text, note text)
 WHERE $2::bigint IS NOT NULL
ON CONFLICT (name) DO NOTHING
