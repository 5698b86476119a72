-- SPDX-License-Identifier: EUPL-1.2
-- Contests of a unit that wait for an answer; the look is logged.
-- $1 text who, $2 text unit
-- result: contest bigint, opened_at, due, fields, text text, overdue boolean
SELECT c.contest, to_char(c.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS opened_at,
       to_char(c.due AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS due,
       array_to_string(c.fields, ',') AS fields, c.text, c.overdue
  FROM registration.contest_list($1, $2) AS c
