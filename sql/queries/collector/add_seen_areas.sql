-- SPDX-License-Identifier: EUPL-1.2
-- The area codes that a batch brought become the areas of its foreign set.
-- $1 bigint batch, $2 text area set, $3 text time zone or NULL
-- result: none
SELECT ingest.add_seen_areas($1::bigint, $2, $3)
