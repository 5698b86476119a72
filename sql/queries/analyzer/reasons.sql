-- SPDX-License-Identifier: EUPL-1.2
-- Persons by stated reason as of a ledger entry, from the roll-ups.
-- $1 text time zone, $2 bigint entry, $3 integer first month, $4 integer last month
-- Columns: month, area, perspective, group_code, reason, persons
SELECT c.month, c.area, c.perspective, c.group_code, c.reason, c.persons
  FROM analysis.roll_up r JOIN analysis.roll_up_reason c USING (roll_up_id)
 WHERE r.zone = $1::text AND r.entry_to <= $2::bigint
   AND c.month BETWEEN $3::integer AND $4::integer
