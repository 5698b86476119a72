-- SPDX-License-Identifier: EUPL-1.2
-- Perceived groups of a chunk, each row with a salt and a leaf of its own.
-- Binary COPY; the columns are the envelope and sql/fields.h in its order.
COPY sensitive.person_group (
    stop_id, ledger_from, leaf_no, salt, started_at, person_seq, perspective, codes,
    perceived_before_decision, group_class, locked_at
) FROM STDIN (FORMAT binary)
