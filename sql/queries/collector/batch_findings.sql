-- SPDX-License-Identifier: EUPL-1.2
-- Findings that kept records of a batch out.
-- $1 bigint batch, $2 bigint line after which to begin, $3 int most
-- result: line bigint, code text, field text or NULL, person_seq int or NULL
SELECT line, code, field, person_seq FROM ingest.batch_findings($1::bigint, $2::bigint, $3::integer)
