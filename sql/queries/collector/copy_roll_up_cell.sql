-- SPDX-License-Identifier: EUPL-1.2
-- Counts of what was stored: a row a cell; rows of one key are added when they are read.
-- Binary COPY; sums are in the order of sql/sums.h.
COPY analysis.roll_up_cell (
    roll_up_id, month, area, unit, perspective, group_code, sums
) FROM STDIN (FORMAT binary)
