-- SPDX-License-Identifier: EUPL-1.2
-- Counts of units and months as of a ledger entry, counted from the registrations themselves.
-- $1 text time zone, $2 text area set, $3 bigint entry, $4 bigint last load that counts,
-- $5 integer first month, $6 integer last month, $7 boolean fines and arrests too
-- Columns: month, unit, counts (in the order of sql/unit_months.h, separated by spaces)
SELECT c.month, c.unit, array_to_string(c.counts, ' ') AS counts
  FROM analysis.count_unit_months($1::text, $2::text, $3::bigint, $4::bigint, $5::integer,
                                  $6::integer, $7::boolean) c
 ORDER BY c.month, c.unit COLLATE "C"
