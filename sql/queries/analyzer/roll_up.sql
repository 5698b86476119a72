-- SPDX-License-Identifier: EUPL-1.2
-- Counts what came since the last analysis; the entry up to which everything is counted now.
-- $1 text: time zone
-- Columns: entry
SELECT analysis.roll_up($1::text) AS entry
