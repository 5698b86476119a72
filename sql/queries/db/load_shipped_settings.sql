-- SPDX-License-Identifier: EUPL-1.2
-- Settings that are not there yet: what an installation changed stays.
-- $1 jsonb array of objects, $2 bigint load
INSERT INTO reference.setting (name, value, note, load_id)
SELECT x.name, x.value, x.note, $2 FROM jsonb_to_recordset($1) AS x (name text, value text, note text)
ON CONFLICT (name) DO NOTHING
