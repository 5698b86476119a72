-- SPDX-License-Identifier: EUPL-1.2
-- The first person asks that a group be unlocked for a typing error, the second agrees.
-- $1 uuid stop, $2 text who, $3 text reason
-- result: entry bigint, agreed boolean (false: a second person is still needed)
SELECT u.entry, u.agreed FROM registration.unlock_group($1::uuid, $2, $3) AS u
