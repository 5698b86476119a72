-- SPDX-License-Identifier: EUPL-1.2
-- Draws what was stored of a month since the last draw; fixes the seed at the first call.
-- $1 text month, $2 text seed or NULL, $3 text reason or NULL, $4 text who
-- result: drawn, mandatory, held (all of the month) bigint, entry bigint or NULL (nothing to enter),
-- seed text or NULL (the month is not over), late boolean
SELECT d.drawn, d.mandatory, d.held, d.entry, d.seed, d.late
  FROM ingest.review_draw($1, $2, $3, $4) AS d
