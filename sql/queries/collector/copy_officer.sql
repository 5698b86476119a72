-- SPDX-License-Identifier: EUPL-1.2
-- Officer pseudonyms of a chunk, each with a salt and a leaf of its own.
-- Binary COPY; the columns are the envelope and sql/fields.h in its order.
COPY sensitive.officer (
    stop_id, ledger_from, leaf_no, salt, started_at, officer_pseudonym
) FROM STDIN (FORMAT binary)
