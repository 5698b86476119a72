-- SPDX-License-Identifier: EUPL-1.2
-- Persons by first stated reason of what was stored; rows of one key are added when they are read.
-- Binary COPY.
COPY analysis.roll_up_reason (
    roll_up_id, month, area, perspective, group_code, reason, persons
) FROM STDIN (FORMAT binary)
