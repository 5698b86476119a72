-- SPDX-License-Identifier: EUPL-1.2
-- Months and units of a source with few stops or none.
-- $1 text source system, $2 text time zone, $3 date first day, $4 date day after the last, $5 int least
-- result: month text (yyyy-mm), unit_code text, stops bigint
SELECT to_char(month, 'YYYY-MM') AS month, unit_code, stops
FROM ingest.gaps($1, $2, $3::date, $4::date, $5::integer)
