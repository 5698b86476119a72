-- SPDX-License-Identifier: EUPL-1.2
-- The settings of the installation.
-- Columns: name, value
SELECT name, value FROM reference.setting ORDER BY name
