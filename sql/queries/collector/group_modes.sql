-- SPDX-License-Identifier: EUPL-1.2
-- Decisions that allow the registration of perceived or self-described groups.
-- result: perceived bool, self bool, valid_from int, valid_until int (days since 1970-01-01)
SELECT 'perceived' = ANY (modes) AS perceived,
       'self' = ANY (modes) AS self,
       valid_from - date '1970-01-01' AS valid_from,
       valid_until - date '1970-01-01' AS valid_until
FROM reference.group_mode
ORDER BY valid_from, decision_id
