-- SPDX-License-Identifier: EUPL-1.2
-- Closes a month, once.
-- $1 text month, $2 text reason or NULL, $3 text who
-- result: entry bigint, fresh boolean, stops, confirmed, corrected, in_review, returned, nfi, withdrawn,
-- head_entry bigint, head text
SELECT c.entry, c.fresh, (c.detail ->> 'stops')::bigint AS stops,
       (c.detail ->> 'confirmed')::bigint AS confirmed, (c.detail ->> 'corrected')::bigint AS corrected,
       (c.detail ->> 'in_review')::bigint AS in_review, (c.detail ->> 'returned')::bigint AS returned,
       (c.detail ->> 'nfi')::bigint AS nfi, (c.detail ->> 'withdrawn')::bigint AS withdrawn,
       (c.detail ->> 'head_entry')::bigint AS head_entry, c.detail ->> 'head' AS head
  FROM ingest.close_month($1, $2, $3) AS c
