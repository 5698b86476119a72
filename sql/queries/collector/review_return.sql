-- SPDX-License-Identifier: EUPL-1.2
-- Returns the current version of a registration under review.
-- $1 bigint review, $2 text who, $3 text deficiency codes joined by commas, $4 text or NULL
-- result: entry bigint
SELECT registration.review_return($1::bigint, $2, string_to_array($3, ','), $4) AS entry
