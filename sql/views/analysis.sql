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
       b.quarantined, b.refused, b.opened_at, b.closed_at, l.entry AS ledger_entry,
       b.report ->> 'area_set' AS area_set,
       CASE WHEN jsonb_typeof(b.report -> 'not_covered') = 'array' THEN b.report -> 'not_covered'
            ELSE '[]' END AS not_covered
  FROM registration.batch b LEFT JOIN audit.ledger l ON l.batch_id = b.batch_id;
COMMENT ON VIEW analysis.batch_v IS 'Counts of every batch, for the data-quality page';

CREATE OR REPLACE VIEW analysis.batch_message_v WITH (security_barrier) AS
SELECT m.batch_id, m.code, m.severity, m.field, m.count FROM registration.batch_message m;
COMMENT ON VIEW analysis.batch_message_v IS 'How often each rule spoke in each batch';

CREATE OR REPLACE VIEW analysis.ledger_head_v WITH (security_barrier) AS
SELECT h.entry, h.entry_hash FROM audit.ledger_head h;
COMMENT ON VIEW analysis.ledger_head_v IS 'The head of the ledger that a run is computed on';

-- json and not jsonb: each document is read once, from the front.
CREATE OR REPLACE VIEW analysis.figure WITH (security_barrier) AS
SELECT r.run_id, x.id AS ord, x.measure, x.method, r.month, x."window" AS period, x.level_of_place,
       x.place, x.perspective, x."group" AS group_code, x.reference, x.term, x.benchmark, x.value,
       x.lower, x.upper, x.level, x.statistic, x.df, x.p, x.q, x.n, x.events, x.exposure,
       x.detectable, x.flagged, x.guard, x.note, x.cells AS base
  FROM analysis.run r
 CROSS JOIN LATERAL json_to_recordset(convert_from(r.document, 'UTF8')::json -> 'figures') AS x (
       id integer, measure text, method text, "window" text, level_of_place text, place text,
       perspective text, "group" text, reference text, term text, benchmark text,
       value double precision, lower double precision, upper double precision,
       level double precision, statistic double precision, df double precision,
       p double precision, q double precision, n double precision, events double precision,
       exposure double precision, detectable double precision, flagged boolean, guard text,
       note text, cells text);
COMMENT ON VIEW analysis.figure IS 'Every figure of a run, as its document has it; ask for one run_id';
COMMENT ON COLUMN analysis.figure.run_id IS 'The run';
COMMENT ON COLUMN analysis.figure.ord IS 'Order in the document';
COMMENT ON COLUMN analysis.figure.measure IS 'What is measured';
COMMENT ON COLUMN analysis.figure.method IS 'Estimator or test';
COMMENT ON COLUMN analysis.figure.month IS 'Last month of the window';
COMMENT ON COLUMN analysis.figure.period IS 'Window: month, 3 or 12 months, year to date';
COMMENT ON COLUMN analysis.figure.level_of_place IS 'city, district, wijk, buurt, area or unit';
COMMENT ON COLUMN analysis.figure.place IS 'Area, unit or the city';
COMMENT ON COLUMN analysis.figure.perspective IS 'Whose definition of group: before_contact, after_contact, self';
COMMENT ON COLUMN analysis.figure.group_code IS 'Perceived group';
COMMENT ON COLUMN analysis.figure.reference IS 'Group it is compared with';
COMMENT ON COLUMN analysis.figure.term IS 'Term of a model';
COMMENT ON COLUMN analysis.figure.benchmark IS 'Denominator';
COMMENT ON COLUMN analysis.figure.value IS 'The value; NULL when undefined or withheld';
COMMENT ON COLUMN analysis.figure.lower IS 'Lower end of the interval';
COMMENT ON COLUMN analysis.figure.upper IS 'Upper end of the interval';
COMMENT ON COLUMN analysis.figure.level IS 'Level of the interval';
COMMENT ON COLUMN analysis.figure.statistic IS 'Test statistic';
COMMENT ON COLUMN analysis.figure.df IS 'Degrees of freedom';
COMMENT ON COLUMN analysis.figure.p IS 'p-value';
COMMENT ON COLUMN analysis.figure.q IS 'Value after correction for many comparisons';
COMMENT ON COLUMN analysis.figure.n IS 'Number it rests on';
COMMENT ON COLUMN analysis.figure.events IS 'Number of events';
COMMENT ON COLUMN analysis.figure.exposure IS 'Denominator of a rate';
COMMENT ON COLUMN analysis.figure.detectable IS 'Smallest ratio that this n shows with 80% power';
COMMENT ON COLUMN analysis.figure.flagged IS 'Stands out after correction';
COMMENT ON COLUMN analysis.figure.guard IS 'Rule that withheld the value';
COMMENT ON COLUMN analysis.figure.note IS 'What to know when reading it';
COMMENT ON COLUMN analysis.figure.base IS 'The cells it sums, as a filter over dimensions';

-- Signals stand in the document for the same reason.
CREATE OR REPLACE VIEW analysis.signal WITH (security_barrier) AS
SELECT r.run_id, r.month, x.id AS signal_id, x.kind, x.level_of_place, x.place, x.perspective,
       x."group" AS group_code, x.grade, x.grade_before_doubts, x.doubts, x.status, x.was, x.since,
       x.persons, x.brief, x.figure AS figure_ord, x.evidence, x.nl, x.en
  FROM analysis.run r
 CROSS JOIN LATERAL json_to_recordset(convert_from(r.document, 'UTF8')::json -> 'signals') AS x (
       id text, kind text, level_of_place text, place text, perspective text, "group" text,
       grade text, grade_before_doubts text, doubts json, status text, was text, since text,
       persons double precision, brief integer, figure integer, evidence json, nl json, en json);
COMMENT ON VIEW analysis.signal IS 'Every signal of a run, as its document has it; ask for one run_id';
COMMENT ON COLUMN analysis.signal.run_id IS 'The run';
COMMENT ON COLUMN analysis.signal.month IS 'Month that was analysed';
COMMENT ON COLUMN analysis.signal.signal_id IS 'Of area set, place, perspective, group and kind; the same in every month';
COMMENT ON COLUMN analysis.signal.kind IS 'What it is about: stop-rate, search, outcome, …';
COMMENT ON COLUMN analysis.signal.level_of_place IS 'city, wijk or area';
COMMENT ON COLUMN analysis.signal.place IS 'Area; null for the city';
COMMENT ON COLUMN analysis.signal.perspective IS 'Whose definition of group';
COMMENT ON COLUMN analysis.signal.group_code IS 'Group';
COMMENT ON COLUMN analysis.signal.grade IS 'Strength of the evidence, A to D; null when closed';
COMMENT ON COLUMN analysis.signal.grade_before_doubts IS 'Grade before steps were taken off';
COMMENT ON COLUMN analysis.signal.doubts IS 'Why steps were taken off';
COMMENT ON COLUMN analysis.signal.status IS 'Compared with the run of the month before';
COMMENT ON COLUMN analysis.signal.was IS 'Grade in the run of the month before';
COMMENT ON COLUMN analysis.signal.since IS 'Month in which it opened';
COMMENT ON COLUMN analysis.signal.persons IS 'Stops or searches of the group that its figure counts';
COMMENT ON COLUMN analysis.signal.brief IS 'Place in the brief, 1 to 5; null: not in it';
COMMENT ON COLUMN analysis.signal.figure_ord IS 'Its figure: analysis.figure.ord of the same run';
COMMENT ON COLUMN analysis.signal.evidence IS 'E1 to E8 and the tipping point: holds, does not, or null with why';
COMMENT ON COLUMN analysis.signal.nl IS 'Words in Dutch';
COMMENT ON COLUMN analysis.signal.en IS 'Words in English';

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
                                       WHEN 'area_code' THEN 'Smallest area'
                                       WHEN 'not_covered' THEN 'Fields (JSON pointers) that the source does not have'
                                       END) AS text
          FROM pg_class v JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum > 0
         WHERE v.oid IN ('analysis.stop_v'::regclass, 'analysis.action_v'::regclass,
                         'analysis.batch_v'::regclass, 'analysis.batch_message_v'::regclass,
                         'analysis.ledger_head_v'::regclass)
    LOOP
        EXECUTE format('COMMENT ON COLUMN analysis.%I.%I IS %L', c.view, c.name, c.text);
    END LOOP;
END
$$;
