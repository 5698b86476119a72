-- SPDX-License-Identifier: EUPL-1.2
-- Rows of result of a chunk.
-- Binary COPY; the columns are the envelope and sql/fields.h in its order.
COPY registration.result (
    stop_id, ledger_from, leaf_no, started_at, person_seq, ord, result, offence_code,
    later_outcome, later_outcome_at
) FROM STDIN (FORMAT binary)
