-- SPDX-License-Identifier: EUPL-1.2
-- Stores a run.
-- $1 text run, $2 text month, $3 text version, $4 bigint seed, $5 jsonb choices, $6 bytea hash of the
-- inputs, $7 bytea document, $8 bytea cells
-- Columns: entry
SELECT analysis.store_run($1::text, $2::text, $3::text, $4::bigint, $5::jsonb, $6::bytea, $7::bytea,
                          $8::bytea) AS entry
