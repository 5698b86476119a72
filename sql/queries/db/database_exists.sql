-- SPDX-License-Identifier: EUPL-1.2
-- $1 text: name
-- present boolean
SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS present
