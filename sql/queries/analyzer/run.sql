-- SPDX-License-Identifier: EUPL-1.2
-- One stored run, by its number or (the latest) by its month.
-- $1 text run or NULL, $2 text month or NULL
-- Columns: run_id, month, code_version, build (of the program; NULL: not known), seed, choices, document,
-- document_sha256, cells, cells_sha256
SELECT run_id, month, code_version, parameters ->> 'build' AS build, seed, parameters ->> 'text' AS choices, document,
       document_sha256, cells, cells_sha256
  FROM analysis.run
 WHERE (run_id = $1::text OR $1::text IS NULL) AND (month = $2::text OR $2::text IS NULL)
 ORDER BY ledger_entry DESC
 LIMIT 1
