-- SPDX-License-Identifier: EUPL-1.2
-- The months with stops in them, from the roll-ups, which must be up to date.
-- $1 text: time zone
-- Columns: month (year * 12 + month - 1), persons
SELECT c.month, sum(c.sums[1]) AS persons
  FROM analysis.roll_up r JOIN analysis.roll_up_cell c USING (roll_up_id)
 WHERE r.zone = $1::text AND c.perspective = 0
 GROUP BY c.month
HAVING sum(c.sums[1]) > 0
 ORDER BY c.month
