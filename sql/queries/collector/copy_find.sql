-- SPDX-License-Identifier: EUPL-1.2
-- Rows of find of a chunk.
-- Binary COPY; the columns are the envelope and sql/fields.h in its order.
COPY registration.find (
    stop_id, ledger_from, leaf_no, started_at, person_seq, ord, found_class, illegal_in_itself,
    linked_to_reason
) FROM STDIN (FORMAT binary)
