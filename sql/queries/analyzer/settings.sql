-- SPDX-License-Identifier: EUPL-1.2
-- The settings of the installation.
-- $1 bigint last load that counts
-- Columns: name, value
SELECT name, value
  FROM reference.setting_v
 WHERE coalesce(load_id, 0) <= $1::bigint AND (load_until IS NULL OR load_until > $1::bigint)
 ORDER BY name
