-- SPDX-License-Identifier: EUPL-1.2
-- Adds a code that a profile brings, so that reports have its label.
-- $1 text list:source, $2 text code, $3 integer valid from (days since 1970-01-01), $4 text flags
-- separated by |, $5 text label nl, $6 text label en
-- result: none
SELECT ingest.add_foreign_code($1, $2, date '1970-01-01' + $3::integer,
                               string_to_array($4, '|'), $5, $6)
