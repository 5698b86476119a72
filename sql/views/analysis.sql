-- SPDX-License-Identifier: EUPL-1.2
-- What the analyst reads: current registrations of the states that count, without identifiers, free
-- text, officers or traits. Column lists of views can only grow under CREATE OR REPLACE.

CREATE OR REPLACE VIEW analysis.person_cells_v WITH (security_barrier) AS
SELECT p.started_at, s.time_precision, s.source_system, s.tx_type, s.state, s.area_set,
       p.area_code, p.wijk_code, s.stadsdeel, s.basisteam, p.unit_code, s.assignment, s.place_type,
       s.geo_cell, p.discretion, s.initiated_by, s.selection_method, p.legal_basis, p.stop_mode,
       p.light_class, s.duration_min, s.in_uniform, s.officer_identified, s.officer_exp_band,
       p.role, p.age_band, p.perceived_gender, p.prior_stops_12m_band,
       gb.group_class AS group_before, ga.group_class AS group_after, gs.group_class AS group_self,
       coalesce(ga.perceived_before_decision, gb.perceived_before_decision) AS perceived_before_decision,
       p.behaviour, p.fact, p.circumstance, p.information_source, p.information_age, p.explained,
       p.reason_told, p.receipt_given, p.treatment_flags, p.bodycam, p.bodycam_off_reason,
       p.regret_expressed, p.reflection, p.reflection_result, p.counterfactual_yes, p.reason,
       p.text_quality, p.selection_sound, p.only_weak, p.reason_match, p.searched, p.hit_strict,
       p.hit_broad, p.sanctioned, p.treated_plainly, p.reflected_in_time
  FROM registration.person p
  JOIN registration.stop s
    ON s.stop_id = p.stop_id AND s.ledger_from = p.ledger_from AND s.started_at = p.started_at
  LEFT JOIN sensitive.person_group gb
    ON gb.stop_id = p.stop_id AND gb.person_seq = p.person_seq AND gb.ledger_from = p.ledger_from
   AND gb.started_at = p.started_at AND gb.perspective = 'before_contact'
  LEFT JOIN sensitive.person_group ga
    ON ga.stop_id = p.stop_id AND ga.person_seq = p.person_seq AND ga.ledger_from = p.ledger_from
   AND ga.started_at = p.started_at AND ga.perspective = 'after_contact'
  LEFT JOIN sensitive.person_group gs
    ON gs.stop_id = p.stop_id AND gs.person_seq = p.person_seq AND gs.ledger_from = p.ledger_from
   AND gs.started_at = p.started_at AND gs.perspective = 'self'
 WHERE s.tx_type <> 'W'
   AND NOT EXISTS (SELECT FROM registration.superseded x
                    WHERE x.stop_id = p.stop_id AND x.ledger_from = p.ledger_from);
COMMENT ON VIEW analysis.person_cells_v IS 'One row a person of a current registration, pseudonymised: what cells are counted from';

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
                        CASE a.attname
                            WHEN 'group_before' THEN 'Group perceived before contact'
                            WHEN 'group_after' THEN 'Group perceived after contact'
                            WHEN 'group_self' THEN 'Self-described group'
                            WHEN 'ledger_entry' THEN 'Ledger entry of the batch' END) AS text
          FROM pg_class v JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum > 0
         WHERE v.relnamespace = 'analysis'::regnamespace AND v.relkind = 'v'
    LOOP
        EXECUTE format('COMMENT ON COLUMN analysis.%I.%I IS %L', c.view, c.name, c.text);
    END LOOP;
END
$$;
