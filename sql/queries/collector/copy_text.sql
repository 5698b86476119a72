-- SPDX-License-Identifier: EUPL-1.2
-- Selection texts of a chunk, each with a salt and a leaf of its own.
-- Binary COPY; the columns are the envelope and sql/fields.h in its order.
COPY registration.free_text (
    stop_id, ledger_from, leaf_no, salt, started_at, person_seq, selection_text
) FROM STDIN (FORMAT binary)
