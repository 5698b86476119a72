-- SPDX-License-Identifier: EUPL-1.2
-- Reviews of a unit, without content; the look is logged.
-- $1 text who, $2 text unit, $3 boolean also those that are done
-- result: drawn_id bigint, month, reasons, review text, since text
SELECT l.drawn_id, l.month, array_to_string(l.reasons, ',') AS reasons, l.review,
       to_char(l.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
  FROM registration.review_list($1, $2, $3::boolean) AS l
