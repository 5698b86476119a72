-- SPDX-License-Identifier: EUPL-1.2
-- Rows of action of a chunk.
-- Binary COPY; the columns are the envelope and sql/fields.h in its order.
COPY registration.action (
    stop_id, ledger_from, leaf_no, started_at, person_seq, ord, id_checked, search_kind,
    search_basis, search_object, force
) FROM STDIN (FORMAT binary)
