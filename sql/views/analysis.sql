-- SPDX-License-Identifier: EUPL-1.2
-- What the analyst reads beside the views that cells are counted from (analysis_cells.sql): current
-- registrations without identifiers, free text, officers or traits.

CREATE OR REPLACE VIEW analysis.stop_v WITH (security_barrier) AS
SELECT s.started_at, s.time_precision, s.registered_at, s.received_at, s.source_system, s.tx_type,
       s.state, s.area_set, s.buurt_code AS area_code, s.wijk_code, s.stadsdeel, s.basisteam,
       s.unit_code, s.assignment, s.place_type, s.geo_cell, s.discretion, s.initiated_by,
       s.selection_method, s.legal_basis, s.stop_mode, s.light_class, s.duration_min,
       s.observed_before_min, s.vehicle_involved, s.occupants, s.persons_present,
       s.persons_registered, s.traffic_docs_checked, s.public_view, s.in_uniform,
       s.officer_identified, s.officer_exp_band
  FROM registration.stop s
 WHERE s.tx_type <> 'W'
   AND NOT EXISTS (SELECT FROM registration.superseded x
                    WHERE x.stop_id = s.stop_id AND x.ledger_from = s.ledger_from);
COMMENT ON VIEW analysis.stop_v IS 'One row a current stop, pseudonymised';

CREATE OR REPLACE VIEW analysis.action_v WITH (security_barrier) AS
SELECT p.started_at, p.area_code, p.wijk_code, p.unit_code, p.discretion, p.legal_basis, p.stop_mode,
       p.light_class, p.reason, p.age_band, p.perceived_gender, g.perspective, g.group_class,
       a.id_checked, a.search_kind, a.search_basis, a.search_object, a.force
  FROM registration.action a
  JOIN registration.person p
    ON p.stop_id = a.stop_id AND p.person_seq = a.person_seq AND p.ledger_from = a.ledger_from
   AND p.started_at = a.started_at
  JOIN registration.stop s
    ON s.stop_id = a.stop_id AND s.ledger_from = a.ledger_from AND s.started_at = a.started_at
  LEFT JOIN sensitive.person_group g
    ON g.stop_id = a.stop_id AND g.person_seq = a.person_seq AND g.ledger_from = a.ledger_from
   AND g.started_at = a.started_at
 WHERE s.tx_type <> 'W'
   AND NOT EXISTS (SELECT FROM registration.superseded x
                    WHERE x.stop_id = a.stop_id AND x.ledger_from = a.ledger_from);
COMMENT ON VIEW analysis.action_v IS 'One row an action and perspective of the group (none: one row), pseudonymised';

CREATE OR REPLACE VIEW analysis.batch_v WITH (security_barrier) AS
SELECT b.batch_id, b.profile, b.source_system, b.status, b.received, b.accepted, b.duplicate,
       b.quarantined, b.refused, b.opened_at, b.closed_at, l.entry AS ledger_entry
  FROM registration.batch b LEFT JOIN audit.ledger l ON l.batch_id = b.batch_id;
COMMENT ON VIEW analysis.batch_v IS 'Counts of every batch, for the data-quality page';

CREATE OR REPLACE VIEW analysis.batch_message_v WITH (security_barrier) AS
SELECT m.batch_id, m.code, m.severity, m.field, m.count FROM registration.batch_message m;
COMMENT ON VIEW analysis.batch_message_v IS 'How often each rule spoke in each batch';

CREATE OR REPLACE VIEW analysis.ledger_head_v WITH (security_barrier) AS
SELECT h.entry, h.entry_hash FROM audit.ledger_head h;
COMMENT ON VIEW analysis.ledger_head_v IS 'The head of the ledger that a run is computed on';

DO $$
DECLARE
    c record;
BEGIN
    -- A view's column says what the column below it says.
    FOR c IN
        SELECT v.relname AS view, a.attname AS name,
               coalesce((SELECT d.description FROM pg_attribute b
                          JOIN pg_class t ON t.oid = b.attrelid
                          JOIN pg_description d ON d.objoid = b.attrelid AND d.objsubid = b.attnum
                           AND d.classoid = 'pg_class'::regclass
                         WHERE b.attname = a.attname AND t.relkind IN ('r', 'p')
                           AND t.relnamespace IN ('registration'::regnamespace,
                                                  'sensitive'::regnamespace,
                                                  'audit'::regnamespace)
                         ORDER BY t.relname <> 'person', t.relname <> 'stop', t.relname LIMIT 1),
                        CASE a.attname WHEN 'ledger_entry' THEN 'Ledger entry of the batch'
                                       WHEN 'area_code' THEN 'Smallest area' END) AS text
          FROM pg_class v JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum > 0
         WHERE v.oid IN ('analysis.stop_v'::regclass, 'analysis.action_v'::regclass,
                         'analysis.batch_v'::regclass, 'analysis.batch_message_v'::regclass,
                         'analysis.ledger_head_v'::regclass)
    LOOP
        EXECUTE format('COMMENT ON COLUMN analysis.%I.%I IS %L', c.view, c.name, c.text);
    END LOOP;
END
$$;
