-- SPDX-License-Identifier: EUPL-1.2
-- The police answer a contest.
-- $1 bigint contest, $2 text who, $3 text outcome, $4 text
-- result: entry bigint
SELECT registration.answer_contest($1::bigint, $2, $3, $4) AS entry
