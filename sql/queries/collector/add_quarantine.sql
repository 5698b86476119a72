-- SPDX-License-Identifier: EUPL-1.2
-- Sets records of a chunk apart, sealed; returns those that were set apart before.
-- Binary: $1 bigint batch, $2 bigint[] lines, $3 text source system, $4 text[] codes (joined by |),
-- $5 bytea[] sealed records, $6 bytea[] MACs of the records, $7 uuid[] ids that they would have
-- result: ord int (from 1)
SELECT ord
FROM ingest.add_quarantine($1::bigint, $2::bigint[], $3::text, $4::text[], $5::bytea[], $6::bytea[],
                           $7::uuid[])
