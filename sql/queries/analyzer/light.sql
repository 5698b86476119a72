-- SPDX-License-Identifier: EUPL-1.2
-- Persons by light and group, some months as of a ledger entry.
-- $1 to $7 as like; $8 date first day, $9 integer[] last minute of daylight, $10 integer[] first of
-- darkness, $11 boolean[] a change of the clock near, each by day; $12 and $13 integer first and last
-- minute that may be light or dark
-- Columns: variant, area, minute, dark, perspective, group_code, n
SELECT c.variant, c.area, c.minute, c.dark, c.perspective, c.group_code, c.n
  FROM analysis.count_light($1::text, $2::bigint, $3::integer, $4::integer, $5::text[], $6::text[],
                            $7::boolean, $8::date, $9::integer[], $10::integer[], $11::boolean[],
                            $12::integer, $13::integer) c
