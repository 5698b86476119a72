-- SPDX-License-Identifier: EUPL-1.2
-- Persons by the group perceived after contact and the one they describe themselves as.
-- $1 to $7 as like
-- Columns: after_contact, self, n
SELECT c.after_contact, c.self, c.n
  FROM analysis.count_both($1::text, $2::bigint, $3::integer, $4::integer, $5::text[], $6::text[],
                           $7::boolean) c
