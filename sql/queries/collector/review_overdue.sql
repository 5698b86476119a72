-- SPDX-License-Identifier: EUPL-1.2
-- What is too late in a unit; the look is logged.
-- $1 text who, $2 text unit
-- result: kind, reference text, since text
SELECT o.kind, o.reference, to_char(o.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
  FROM registration.overdue_list($1, $2) AS o
