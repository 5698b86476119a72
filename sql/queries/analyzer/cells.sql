-- SPDX-License-Identifier: EUPL-1.2
-- Cells of some months as of a ledger entry, from the roll-ups.
-- $1 text time zone, $2 bigint entry, $3 integer first month, $4 integer last month,
-- $5 integer first month of which all sums are wanted (before it only the first)
-- Columns: month, area, unit, perspective, group_code, sums (separated by spaces)
SELECT c.month, c.area, c.unit, c.perspective, c.group_code,
       CASE WHEN c.month >= $5::integer THEN array_to_string(c.sums, ' ')
            ELSE c.sums[1]::text END AS sums
  FROM analysis.roll_up r JOIN analysis.roll_up_cell c USING (roll_up_id)
 WHERE r.zone = $1::text AND r.entry_to <= $2::bigint
   AND c.month BETWEEN $3::integer AND $4::integer
