-- SPDX-License-Identifier: EUPL-1.2
-- A person says that their registration does not match.
-- $1 uuid stop, $2 integer person, $3 text fields joined by commas or NULL, $4 text or NULL, $5 text who
-- result: contest bigint, due text
SELECT c.contest, to_char(c.due AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS due
  FROM ingest.open_contest($1::uuid, $2::integer, string_to_array($3, ','), $4, $5) AS c
