-- SPDX-License-Identifier: EUPL-1.2
-- Appoints a reviewer to a unit for a time.
-- $1 text who appoints, $2 text name of the reviewer, $3 text unit, $4 date first day, $5 date last day,
-- $6 text pseudonym under which the reviewer registers, or NULL
-- result: entry bigint
SELECT registration.appoint_reviewer($1, $2, $3, $4::date, $5::date, $6) AS entry
