-- SPDX-License-Identifier: EUPL-1.2
-- What is stored of a registration, without its content.
-- $1 uuid
-- result: source_version int, tx_type text (NULL: set apart), batch_id bigint, ledger_entry bigint;
--         no row: nothing
SELECT source_version, tx_type, batch_id, ledger_entry FROM ingest.record_status($1::uuid)
