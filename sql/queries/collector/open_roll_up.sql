-- SPDX-License-Identifier: EUPL-1.2
-- Opens a roll-up for what this transaction stores.
-- $1 text time zone
-- result: roll_up_id bigint
SELECT ingest.open_roll_up($1) AS roll_up_id
