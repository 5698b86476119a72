-- SPDX-License-Identifier: EUPL-1.2
-- W040 against what other batches brought: same unit, area and start minute.
-- Binary: $1 bigint batch, $2 text[] units, $3 text[] areas, $4 timestamptz[] starts
-- result: ord int (from 1)
SELECT ord
FROM ingest.similar_doubles($1::bigint, $2::text[], $3::text[], $4::timestamptz[])
