-- SPDX-License-Identifier: EUPL-1.2
-- The settings of the installation.
-- result: name text, value text
SELECT name, value
FROM reference.setting
