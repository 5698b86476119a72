-- SPDX-License-Identifier: EUPL-1.2
-- For migrations, which take as long as they take.
SELECT set_config('statement_timeout', '0', false)
