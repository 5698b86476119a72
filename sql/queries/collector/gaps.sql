-- SPDX-License-Identifier: EUPL-1.2
-- Months and units of a source with few stops or none, in the time zone of the installation.
-- $1 text source system, $2 date first day, $3 date day after the last, $4 int least
-- result: month text (yyyy-mm), unit_code text, stops bigint
SELECT to_char(month, 'YYYY-MM') AS month, unit_code, stops
FROM ingest.gaps($1, (SELECT value FROM reference.setting WHERE name = 'time_zone'),
                 $2::date, $3::date, $4::integer)
