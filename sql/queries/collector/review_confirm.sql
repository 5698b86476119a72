-- SPDX-License-Identifier: EUPL-1.2
-- Confirms the current version of a registration under review.
-- $1 bigint review, $2 text who
-- result: entry bigint
SELECT registration.review_confirm($1::bigint, $2) AS entry
