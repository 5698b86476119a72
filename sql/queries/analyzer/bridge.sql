-- SPDX-License-Identifier: EUPL-1.2
-- From class of residents to perceived group.
-- $1 text version, $2 text group list, $3 bigint last load that counts
-- Columns: class, group_code, weight, low, high
SELECT class, group_code, weight, low, high
  FROM reference.bridge_v
 WHERE version = $1::text AND group_list = $2::text
   AND coalesce(load_id, 0) <= $3::bigint
   AND (load_until IS NULL OR load_until > $3::bigint)
 ORDER BY class COLLATE "C", group_code COLLATE "C"
