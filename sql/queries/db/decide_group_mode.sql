-- SPDX-License-Identifier: EUPL-1.2
-- Records the decision that perceived group may be registered for a time.
-- $1 text decision, $2 text DPIA, $3 text modes joined by commas, $4 date from, $5 date until
-- result: entry bigint, NULL when it was recorded before
SELECT reference.decide_group_mode($1, $2, string_to_array($3, ','), $4::date, $5::date) AS entry
