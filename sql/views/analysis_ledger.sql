-- SPDX-License-Identifier: EUPL-1.2

CREATE OR REPLACE VIEW analysis.ledger_entry_v WITH (security_barrier) AS
SELECT l.entry, l.kind, l.entry_hash FROM audit.ledger l;
COMMENT ON VIEW analysis.ledger_entry_v IS 'Ledger entries by number and kind, to name the state that a run was computed on';
COMMENT ON COLUMN analysis.ledger_entry_v.entry IS 'Number of the entry';
COMMENT ON COLUMN analysis.ledger_entry_v.kind IS 'What was entered';
COMMENT ON COLUMN analysis.ledger_entry_v.entry_hash IS 'Hash of the entry';
