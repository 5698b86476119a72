-- SPDX-License-Identifier: EUPL-1.2
-- Stores counts by group that were computed elsewhere, of the areas and groups of the installation.
-- $1 text source system, $2 text SHA-256 in hexadecimal, $3 jsonb array of objects
-- result: delivery_id bigint or NULL, ord int, field text: rows with an ord are cells that name
--         nothing known; else one row, whose delivery_id is NULL when the same was stored before
SELECT delivery_id, ord, field
FROM ingest.add_aggregates($1, decode($2, 'hex'),
                           (SELECT value FROM reference.setting WHERE name = 'area_set'),
                           (SELECT value FROM reference.setting WHERE name = 'group_list'),
                           $3::jsonb)
