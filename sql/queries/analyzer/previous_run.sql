-- SPDX-License-Identifier: EUPL-1.2
-- The latest run of a month that compared the same: the one whose signals a run carries on.
-- $1 text month, $2 text area set, $3 text group list, $4 text reference
-- Columns: run_id
SELECT r.run_id
  FROM analysis.run r, LATERAL (SELECT (r.parameters ->> 'text')::json AS choices) c
 WHERE r.month = $1::text AND c.choices ->> 'area_set' = $2::text AND
       c.choices ->> 'group_list' = $3::text AND c.choices ->> 'reference' = $4::text
 ORDER BY r.ledger_entry DESC
 LIMIT 1
