-- SPDX-License-Identifier: EUPL-1.2
-- Cells of stops that are alike, some months as of a ledger entry.
-- $1 text time zone, $2 bigint entry, $3 integer first month, $4 integer last month, $5 text[] areas,
-- $6 text[] the area that a model tells apart for each (NULL: left out), $7 boolean other areas too
-- Columns: area, unit, daypart, basis, mode, perspective, group_code, sums (separated by spaces)
SELECT c.area, c.unit, c.daypart, c.basis, c.mode, c.perspective, c.group_code,
       array_to_string(c.sums, ' ') AS sums
  FROM analysis.count_like($1::text, $2::bigint, $3::integer, $4::integer, $5::text[], $6::text[],
                           $7::boolean) c
