-- SPDX-License-Identifier: EUPL-1.2
-- Takes the keys of a chunk of records; returns those that are not plainly new.
-- Binary: $1 bigint batch, $2 uuid[] stop ids, $3 int4[] versions, $4 text[] transaction types,
-- $5 bytea[] record MACs, $6 bytea[] MACs of the group rows or NULL, $7 timestamptz[] starts
-- result: ord int (from 1), status text (identical, conflict, superseded, unknown, closed, locked,
--         same-batch)
SELECT ord, status
FROM ingest.claim($1::bigint, $2::uuid[], $3::integer[], $4::text[], $5::bytea[], $6::bytea[],
                  $7::timestamptz[])
