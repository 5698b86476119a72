-- SPDX-License-Identifier: EUPL-1.2
-- Makes the months of the nine tables that a period touches, where they are missing.
-- $1 timestamptz from, $2 timestamptz until, both included
SELECT ingest.ensure_partitions($1::timestamptz, $2::timestamptz)
