-- SPDX-License-Identifier: EUPL-1.2
-- The second person agrees that a registration may be withdrawn.
-- $1 uuid stop, $2 text who, $3 text reason
-- result: entry bigint
SELECT registration.agree_withdrawal($1::uuid, $2, $3) AS entry
