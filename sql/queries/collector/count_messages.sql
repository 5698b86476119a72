-- SPDX-License-Identifier: EUPL-1.2
-- How often each rule spoke in a batch.
-- Binary: $1 bigint batch, $2 text[] codes, $3 text[] severities, $4 text[] fields, $5 bigint[] counts
SELECT ingest.count_messages($1::bigint, $2::text[], $3::text[], $4::text[], $5::bigint[])
