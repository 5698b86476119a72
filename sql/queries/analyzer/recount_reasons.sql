-- SPDX-License-Identifier: EUPL-1.2
-- As reasons, counted from the registrations themselves.
-- $1 text time zone, $2 bigint entry, $3 integer first month, $4 integer last month
-- Columns: month, area, perspective, group_code, reason, persons
SELECT c.month, c.area, c.perspective, c.group_code, c.reason, c.sums[1] AS persons
  FROM analysis.recount($1::text, $2::bigint, true) c
 WHERE c.month BETWEEN $3::integer AND $4::integer
