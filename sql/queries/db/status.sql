-- SPDX-License-Identifier: EUPL-1.2
-- What status prints.
-- result: server text, schema text, size text, batches bigint, stops bigint, entries bigint
SELECT current_setting('server_version') AS server, reference.schema_version() AS schema,
       pg_size_pretty(pg_database_size(current_database())) AS size,
       (SELECT count(*) FROM registration.batch WHERE status = 'stored') AS batches,
       (SELECT count(*) FROM registration.source_key) AS stops,
       (SELECT entry FROM audit.ledger_head) AS entries
