-- SPDX-License-Identifier: EUPL-1.2
-- Whether migrations were ever applied here.
-- present boolean
SELECT to_regclass('audit.migration') IS NOT NULL AS present
