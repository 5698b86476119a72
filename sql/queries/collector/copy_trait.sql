-- SPDX-License-Identifier: EUPL-1.2
-- Traits of persons of a chunk, each row with a salt and a leaf of its own.
-- Binary COPY; the columns are the envelope and sql/fields.h in its order.
COPY sensitive.person_trait (
    stop_id, ledger_from, leaf_no, salt, started_at, person_seq, language_barrier,
    visible_disability, vulnerable_signs, visible_religious_sign
) FROM STDIN (FORMAT binary)
