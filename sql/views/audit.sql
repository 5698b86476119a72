-- SPDX-License-Identifier: EUPL-1.2
-- What the auditor reads without a look at a person; single registrations are read through
-- audit.stops, audit.persons and audit.groups, which log.

CREATE OR REPLACE VIEW audit.versions WITH (security_barrier) AS
SELECT b.source_system, k.tx_type, date_trunc('month', k.started_at, 'UTC') AS month,
       k.source_version > 1 AS corrected, count(*) AS stops
  FROM registration.source_key k JOIN registration.batch b ON b.batch_id = k.ledger_from
 GROUP BY 1, 2, 3, 4;
COMMENT ON VIEW audit.versions IS 'Current versions by source, month and kind';
COMMENT ON COLUMN audit.versions.source_system IS 'System that registered';
COMMENT ON COLUMN audit.versions.tx_type IS 'Kind of the current version';
COMMENT ON COLUMN audit.versions.month IS 'Month of the stop, UTC';
COMMENT ON COLUMN audit.versions.corrected IS 'There was an earlier version';
COMMENT ON COLUMN audit.versions.stops IS 'Number of stops';

CREATE OR REPLACE VIEW audit.batches WITH (security_barrier) AS
SELECT b.batch_id, b.profile, b.source_system, b.file_name, encode(b.file_sha256, 'hex') AS file_sha256,
       b.status, b.received, b.accepted, b.duplicate, b.quarantined, b.refused, b.opened_at, b.closed_at,
       l.entry AS ledger_entry
  FROM registration.batch b LEFT JOIN audit.ledger l ON l.batch_id = b.batch_id;
COMMENT ON VIEW audit.batches IS 'Every batch with its counts and its ledger entry';
COMMENT ON COLUMN audit.batches.batch_id IS 'Number';
COMMENT ON COLUMN audit.batches.profile IS 'How columns were mapped';
COMMENT ON COLUMN audit.batches.source_system IS 'System it came from';
COMMENT ON COLUMN audit.batches.file_name IS 'Base name of the file';
COMMENT ON COLUMN audit.batches.file_sha256 IS 'SHA-256 of what was read, hexadecimal';
COMMENT ON COLUMN audit.batches.status IS 'stored or refused';
COMMENT ON COLUMN audit.batches.received IS 'Records as delivered';
COMMENT ON COLUMN audit.batches.accepted IS 'Records stored';
COMMENT ON COLUMN audit.batches.duplicate IS 'Records already held';
COMMENT ON COLUMN audit.batches.quarantined IS 'Records set apart';
COMMENT ON COLUMN audit.batches.refused IS 'Records not stored';
COMMENT ON COLUMN audit.batches.opened_at IS 'When opened';
COMMENT ON COLUMN audit.batches.closed_at IS 'When closed';
COMMENT ON COLUMN audit.batches.ledger_entry IS 'Entry in the ledger';

CREATE OR REPLACE VIEW audit.quarantine_counts WITH (security_barrier) AS
SELECT q.source_system, q.status, c.code, count(*) AS records, min(q.changed_at) AS oldest,
       max(q.changed_at) AS latest
  FROM registration.quarantine q CROSS JOIN LATERAL unnest(q.codes) AS c (code)
 GROUP BY 1, 2, 3;
COMMENT ON VIEW audit.quarantine_counts IS 'Quarantined records by source, status and rule';
COMMENT ON COLUMN audit.quarantine_counts.source_system IS 'System they came from';
COMMENT ON COLUMN audit.quarantine_counts.status IS 'held, retried, dropped';
COMMENT ON COLUMN audit.quarantine_counts.code IS 'Rule';
COMMENT ON COLUMN audit.quarantine_counts.records IS 'Number of records';
COMMENT ON COLUMN audit.quarantine_counts.oldest IS 'Oldest change';
COMMENT ON COLUMN audit.quarantine_counts.latest IS 'Latest change';

CREATE OR REPLACE VIEW audit.entries WITH (security_barrier) AS
SELECT l.entry, l.recorded_at, l.kind, l.batch_id, l.subject, l.leaf_count, encode(l.root, 'hex') AS root,
       encode(l.previous, 'hex') AS previous, encode(l.entry_hash, 'hex') AS entry_hash
  FROM audit.ledger l;
COMMENT ON VIEW audit.entries IS 'The ledger with its hashes in hexadecimal';
COMMENT ON COLUMN audit.entries.entry IS 'Number';
COMMENT ON COLUMN audit.entries.recorded_at IS 'When';
COMMENT ON COLUMN audit.entries.kind IS 'What was entered';
COMMENT ON COLUMN audit.entries.batch_id IS 'The batch';
COMMENT ON COLUMN audit.entries.subject IS 'What was decided, loaded or analysed';
COMMENT ON COLUMN audit.entries.leaf_count IS 'Leaves under root';
COMMENT ON COLUMN audit.entries.root IS 'Merkle root';
COMMENT ON COLUMN audit.entries.previous IS 'Hash of the entry before';
COMMENT ON COLUMN audit.entries.entry_hash IS 'Hash of the entry';

CREATE OR REPLACE VIEW audit.decisions WITH (security_barrier) AS
SELECT m.decision_id, m.dpia_id, m.modes, m.valid_from, m.valid_until, m.recorded_at, m.recorded_by
  FROM reference.group_mode m;
COMMENT ON VIEW audit.decisions IS 'Decisions on the registration of perceived group';
COMMENT ON COLUMN audit.decisions.decision_id IS 'Identifier';
COMMENT ON COLUMN audit.decisions.dpia_id IS 'Impact assessment it rests on';
COMMENT ON COLUMN audit.decisions.modes IS 'What may be registered';
COMMENT ON COLUMN audit.decisions.valid_from IS 'First stop date';
COMMENT ON COLUMN audit.decisions.valid_until IS 'Last stop date';
COMMENT ON COLUMN audit.decisions.recorded_at IS 'When recorded';
COMMENT ON COLUMN audit.decisions.recorded_by IS 'Role that recorded it';

CREATE OR REPLACE VIEW audit.grants WITH (security_barrier) AS
SELECT n.nspname::text AS schema, c.relname::text AS object,
       CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee)::text END AS role,
       a.privilege_type AS privilege
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
 WHERE n.nspname IN ('reference', 'registration', 'sensitive', 'citizen', 'analysis', 'publication',
                     'audit', 'ingest', 'retention')
   AND c.relkind IN ('r', 'p', 'v', 'S') AND NOT c.relispartition
UNION ALL
SELECT n.nspname, p.oid::regprocedure::text,
       CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee)::text END, a.privilege_type
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
 WHERE n.nspname IN ('reference', 'registration', 'sensitive', 'citizen', 'analysis', 'publication',
                     'audit', 'ingest', 'retention');
COMMENT ON VIEW audit.grants IS 'Who may do what with each table, view, sequence and function';
COMMENT ON COLUMN audit.grants.schema IS 'Schema';
COMMENT ON COLUMN audit.grants.object IS 'Table, view, sequence or function';
COMMENT ON COLUMN audit.grants.role IS 'Role';
COMMENT ON COLUMN audit.grants.privilege IS 'Privilege';

-- It gives the rows of a view, so it is made with the views.
CREATE OR REPLACE FUNCTION audit.actions(p_from timestamptz, p_until timestamptz, p_why text)
RETURNS SETOF analysis.action_v
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, analysis, pg_temp
AS $$
BEGIN
    PERFORM audit.log_access('actions', p_from || ' to ' || p_until, p_why);
    RETURN QUERY SELECT * FROM analysis.action_v a WHERE a.started_at >= p_from AND a.started_at < p_until;
END
$$;
COMMENT ON FUNCTION audit.actions(timestamptz, timestamptz, text) IS 'Current actions of a period, a row for each perspective of the group; the look is logged with its reason';
