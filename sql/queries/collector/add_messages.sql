-- SPDX-License-Identifier: EUPL-1.2
-- Findings that kept records of a chunk out, by line.
-- Binary: $1 bigint batch, $2 bigint[] lines, $3 text[] codes, $4 text[] fields, $5 smallint[] persons
SELECT ingest.add_messages($1::bigint, $2::bigint[], $3::text[], $4::text[], $5::smallint[])
