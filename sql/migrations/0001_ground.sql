-- SPDX-License-Identifier: EUPL-1.2
-- The ground: schemas and tables. Owner, roles and rights are set by sql/roles.sql; functions and
-- views are re-applied whole from sql/functions and sql/views. A stored row is never changed: a
-- correction is a new version (ledger_from), and what replaced what is in registration.superseded.

CREATE SCHEMA reference;
CREATE SCHEMA registration;
CREATE SCHEMA sensitive;
CREATE SCHEMA citizen;
CREATE SCHEMA analysis;
CREATE SCHEMA publication;
CREATE SCHEMA audit;
CREATE SCHEMA ingest;
CREATE SCHEMA retention;

COMMENT ON SCHEMA reference IS 'Code lists, settings, areas, population, benchmarks and orders: what registrations are checked and measured against';
COMMENT ON SCHEMA registration IS 'Registrations of stops as stored, with the batches that brought them';
COMMENT ON SCHEMA sensitive IS 'Perceived group, traits and officer pseudonyms: special category, a schema and grants of their own';
COMMENT ON SCHEMA citizen IS 'Receipts and feedback of persons who were stopped';
COMMENT ON SCHEMA analysis IS 'Runs of the analyzer, their figures, and the pseudonymised views they are computed from';
COMMENT ON SCHEMA publication IS 'What was released to the public, and the numbers each release disclosed';
COMMENT ON SCHEMA audit IS 'The ledger, the log of looks at personal data, the applied migrations, and views for the auditor';
COMMENT ON SCHEMA ingest IS 'Functions of the collector, which reads no stops itself';
COMMENT ON SCHEMA retention IS 'Functions that remove data when their time is over';

CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

-- ---- audit: the ledger ---------------------------------------------------------------------------

CREATE TABLE audit.ledger (
    entry       bigint PRIMARY KEY CHECK (entry > 0),
    recorded_at timestamptz NOT NULL,
    kind        text NOT NULL CHECK (kind <> ''),
    batch_id    bigint UNIQUE,
    subject     text NOT NULL,
    leaf_count  bigint NOT NULL CHECK (leaf_count >= 0),
    root        bytea CHECK (octet_length(root) = 32),
    previous    bytea NOT NULL CHECK (octet_length(previous) = 32),
    entry_hash  bytea NOT NULL CHECK (octet_length(entry_hash) = 32)
);
COMMENT ON TABLE audit.ledger IS 'One chained entry per accepted batch, load, decision or analysis; made only by audit.append_entry';
COMMENT ON COLUMN audit.ledger.entry IS 'Number of the entry, from 1 without gaps';
COMMENT ON COLUMN audit.ledger.recorded_at IS 'When the entry was made';
COMMENT ON COLUMN audit.ledger.kind IS 'What was entered: batch, batch-refused, load, group-mode, analysis, erasure, …';
COMMENT ON COLUMN audit.ledger.batch_id IS 'The batch, for entries of kind batch and batch-refused';
COMMENT ON COLUMN audit.ledger.subject IS 'What was decided, loaded or analysed, as canonical JSON without personal data';
COMMENT ON COLUMN audit.ledger.leaf_count IS 'Leaves under root';
COMMENT ON COLUMN audit.ledger.root IS 'RFC 6962 Merkle root over the leaves in order of leaf_no; NULL when the entry has no leaves';
COMMENT ON COLUMN audit.ledger.previous IS 'entry_hash of the entry before; 32 zero bytes for the first';
COMMENT ON COLUMN audit.ledger.entry_hash IS 'SHA-256 of 0x02, version 0x01, previous, entry, recorded_at, kind, subject, batch_id, leaf_count and root in their binary form';

CREATE TABLE audit.ledger_head (
    single     boolean PRIMARY KEY DEFAULT true CHECK (single),
    entry      bigint NOT NULL,
    entry_hash bytea NOT NULL CHECK (octet_length(entry_hash) = 32)
);
INSERT INTO audit.ledger_head VALUES (true, 0, decode(repeat('00', 32), 'hex'));
COMMENT ON TABLE audit.ledger_head IS 'The last entry of the ledger, in one row that is locked while an entry is appended';
COMMENT ON COLUMN audit.ledger_head.single IS 'Always true: there is one row';
COMMENT ON COLUMN audit.ledger_head.entry IS 'Number of the last entry; 0 when there is none';
COMMENT ON COLUMN audit.ledger_head.entry_hash IS 'Hash of the last entry; 32 zero bytes when there is none';

CREATE TABLE audit.erased_leaf (
    batch_id  bigint NOT NULL,
    leaf_no   integer NOT NULL CHECK (leaf_no >= 0),
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    entry     bigint NOT NULL REFERENCES audit.ledger,
    PRIMARY KEY (batch_id, leaf_no)
);
COMMENT ON TABLE audit.erased_leaf IS 'Hashes of leaves whose rows and salts were erased; without the salt nothing can be guessed from them';
COMMENT ON COLUMN audit.erased_leaf.batch_id IS 'The batch that had brought the rows';
COMMENT ON COLUMN audit.erased_leaf.leaf_no IS 'Place of the leaf in its batch';
COMMENT ON COLUMN audit.erased_leaf.leaf_hash IS 'Hash of the leaf as it was';
COMMENT ON COLUMN audit.erased_leaf.entry IS 'The ledger entry of kind erasure; its leaf_count is the number of leaves it erased';

CREATE TABLE audit.migration (
    name       text PRIMARY KEY,
    sha256     bytea NOT NULL CHECK (octet_length(sha256) = 32),
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE audit.migration IS 'Migrations that were applied to this database';
COMMENT ON COLUMN audit.migration.name IS 'File name, e.g. 0001_ground.sql';
COMMENT ON COLUMN audit.migration.sha256 IS 'SHA-256 of the file as applied; a file that differs later is an error';
COMMENT ON COLUMN audit.migration.applied_at IS 'When it was applied';

CREATE TABLE audit.access_log (
    access_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    role      text NOT NULL,
    action    text NOT NULL,
    subject   text NOT NULL,
    why       text NOT NULL
);
COMMENT ON TABLE audit.access_log IS 'Looks at personal data, written by the functions that show them';
COMMENT ON COLUMN audit.access_log.access_id IS 'Number of the look';
COMMENT ON COLUMN audit.access_log.at IS 'When';
COMMENT ON COLUMN audit.access_log.role IS 'The database role that looked';
COMMENT ON COLUMN audit.access_log.action IS 'What was called';
COMMENT ON COLUMN audit.access_log.subject IS 'What was shown: identifiers or a period, never content';
COMMENT ON COLUMN audit.access_log.why IS 'The reason that was given';

-- ---- reference -----------------------------------------------------------------------------------

CREATE TABLE reference.load (
    load_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind      text NOT NULL,
    file_name text NOT NULL,
    sha256    bytea NOT NULL CHECK (octet_length(sha256) = 32),
    rows      bigint NOT NULL CHECK (rows >= 0),
    loaded_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (kind, sha256)
);
COMMENT ON TABLE reference.load IS 'Files of reference data that were loaded; the same file is loaded once';
COMMENT ON COLUMN reference.load.load_id IS 'Number of the load';
COMMENT ON COLUMN reference.load.kind IS 'What the file held, with the options that changed its reading: areas, population:den-haag:2019, …';
COMMENT ON COLUMN reference.load.file_name IS 'Base name of the file';
COMMENT ON COLUMN reference.load.sha256 IS 'SHA-256 of the file';
COMMENT ON COLUMN reference.load.rows IS 'Rows stored from it';
COMMENT ON COLUMN reference.load.loaded_at IS 'When';

CREATE TABLE reference.code (
    list       text NOT NULL CHECK (list <> ''),
    code       text NOT NULL CHECK (code <> ''),
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to >= valid_from),
    flags      text[] NOT NULL DEFAULT '{}',
    label_nl   text NOT NULL,
    label_en   text NOT NULL,
    ord        integer NOT NULL,
    PRIMARY KEY (list, code, valid_from)
);
COMMENT ON TABLE reference.code IS 'Code lists with the period in which each code may be used';
COMMENT ON COLUMN reference.code.list IS 'Name of the list; perceived_group is the city''s, perceived_group:<name> another''s';
COMMENT ON COLUMN reference.code.code IS 'The code as it travels in records';
COMMENT ON COLUMN reference.code.valid_from IS 'First stop date on which the code may be used';
COMMENT ON COLUMN reference.code.valid_to IS 'Last stop date, or NULL';
COMMENT ON COLUMN reference.code.flags IS 'What rules need to know of the code: sensitive, individual, risk, sanction, arrest, fine, pv, police_only, preventive, search_power, consent, seizure, mixed, not_perceived, illegal, other';
COMMENT ON COLUMN reference.code.label_nl IS 'Plain Dutch text';
COMMENT ON COLUMN reference.code.label_en IS 'Plain English text';
COMMENT ON COLUMN reference.code.ord IS 'Order in forms and reports';

CREATE TABLE reference.setting (
    name  text PRIMARY KEY,
    value text NOT NULL,
    note  text NOT NULL
);
COMMENT ON TABLE reference.setting IS 'Settings of the installation';
COMMENT ON COLUMN reference.setting.name IS 'Name of the setting';
COMMENT ON COLUMN reference.setting.value IS 'Value, as text';
COMMENT ON COLUMN reference.setting.note IS 'What it does and in which unit';

CREATE TABLE reference.area (
    area_set        text NOT NULL,
    code            text NOT NULL CHECK (code <> ''),
    level           text NOT NULL CHECK (level IN ('city', 'district', 'wijk', 'buurt', 'area', 'unknown')),
    name            text NOT NULL,
    parent          text,
    valid_from_year integer NOT NULL,
    valid_to_year   integer CHECK (valid_to_year >= valid_from_year),
    load_id         bigint REFERENCES reference.load,
    PRIMARY KEY (area_set, code, valid_from_year)
);
COMMENT ON TABLE reference.area IS 'Areas in which stops are placed, by set and years';
COMMENT ON COLUMN reference.area.area_set IS 'Set of areas: den-haag, or that of a foreign source';
COMMENT ON COLUMN reference.area.code IS 'Code of the area within the set';
COMMENT ON COLUMN reference.area.level IS 'city, district, wijk, buurt; area is the smallest level of a foreign set; unknown holds stops without a place';
COMMENT ON COLUMN reference.area.name IS 'Name of the area';
COMMENT ON COLUMN reference.area.parent IS 'Code of the area that it lies in, or NULL';
COMMENT ON COLUMN reference.area.valid_from_year IS 'First year of the division in which it has this name and parent';
COMMENT ON COLUMN reference.area.valid_to_year IS 'Last year, or NULL';
COMMENT ON COLUMN reference.area.load_id IS 'The load that brought it';

CREATE TABLE reference.population (
    area_set   text NOT NULL,
    area_code  text NOT NULL,
    year       integer NOT NULL,
    class      text NOT NULL,
    age_band   text NOT NULL DEFAULT 'all',
    persons    numeric NOT NULL CHECK (persons >= 0),
    rounded_to integer NOT NULL DEFAULT 1 CHECK (rounded_to > 0),
    source     text NOT NULL,
    load_id    bigint REFERENCES reference.load,
    PRIMARY KEY (area_set, area_code, year, class, age_band)
);
COMMENT ON TABLE reference.population IS 'Residents by area, year, class and age band; each row as published: rows are never added up to a higher level';
COMMENT ON COLUMN reference.population.area_set IS 'Set of areas';
COMMENT ON COLUMN reference.population.area_code IS 'The area';
COMMENT ON COLUMN reference.population.year IS 'Residents on 1 January of this year';
COMMENT ON COLUMN reference.population.class IS 'all, or a class of origin as the source has it (CBS: dutch, western, non_western, marokko, …)';
COMMENT ON COLUMN reference.population.age_band IS 'all, or a band of the source such as 15-25';
COMMENT ON COLUMN reference.population.persons IS 'Number of persons as published';
COMMENT ON COLUMN reference.population.rounded_to IS 'The published number is a multiple of this: 5 for CBS wijken and buurten, 1 when exact';
COMMENT ON COLUMN reference.population.source IS 'Table or publication it was taken from';
COMMENT ON COLUMN reference.population.load_id IS 'The load that brought it';

CREATE TABLE reference.bridge (
    version    text NOT NULL,
    group_list text NOT NULL,
    class      text NOT NULL,
    group_code text NOT NULL,
    weight     numeric NOT NULL CHECK (weight BETWEEN 0 AND 1),
    low        numeric NOT NULL,
    high       numeric NOT NULL,
    note       text NOT NULL,
    load_id    bigint REFERENCES reference.load,
    PRIMARY KEY (version, group_list, class, group_code),
    CHECK (0 <= low AND low <= weight AND weight <= high AND high <= 1)
);
COMMENT ON TABLE reference.bridge IS 'From class of origin to perceived group: an assumption of the installation with a range, never a fact';
COMMENT ON COLUMN reference.bridge.version IS 'Version of the assumption; figures name it';
COMMENT ON COLUMN reference.bridge.group_list IS 'The list of perceived groups it leads to';
COMMENT ON COLUMN reference.bridge.class IS 'Class of reference.population';
COMMENT ON COLUMN reference.bridge.group_code IS 'Perceived group';
COMMENT ON COLUMN reference.bridge.weight IS 'Share of the class taken to be perceived as the group; adds up to 1 over a class';
COMMENT ON COLUMN reference.bridge.low IS 'Lower end of the range of the share';
COMMENT ON COLUMN reference.bridge.high IS 'Upper end of the range of the share';
COMMENT ON COLUMN reference.bridge.note IS 'Why this weight';
COMMENT ON COLUMN reference.bridge.load_id IS 'The load that brought it';

CREATE TABLE reference.benchmark (
    name        text NOT NULL,
    area_set    text NOT NULL,
    area_code   text NOT NULL,
    group_code  text NOT NULL,
    period_from date NOT NULL,
    period_to   date NOT NULL CHECK (period_to >= period_from),
    exposure    numeric NOT NULL CHECK (exposure >= 0),
    unit        text NOT NULL,
    family      text NOT NULL,
    source      text NOT NULL,
    load_id     bigint REFERENCES reference.load,
    PRIMARY KEY (name, area_set, area_code, group_code, period_from)
);
COMMENT ON TABLE reference.benchmark IS 'Other denominators than residents: suspects, traffic victims, visitors; shown side by side';
COMMENT ON COLUMN reference.benchmark.name IS 'Name of the benchmark';
COMMENT ON COLUMN reference.benchmark.area_set IS 'Set of areas';
COMMENT ON COLUMN reference.benchmark.area_code IS 'The area';
COMMENT ON COLUMN reference.benchmark.group_code IS 'Perceived group, or all';
COMMENT ON COLUMN reference.benchmark.period_from IS 'First day';
COMMENT ON COLUMN reference.benchmark.period_to IS 'Last day';
COMMENT ON COLUMN reference.benchmark.exposure IS 'Size of the denominator';
COMMENT ON COLUMN reference.benchmark.unit IS 'What exposure counts';
COMMENT ON COLUMN reference.benchmark.family IS 'Benchmarks of one family share a source and count as one piece of evidence';
COMMENT ON COLUMN reference.benchmark.source IS 'Where it comes from';
COMMENT ON COLUMN reference.benchmark.load_id IS 'The load that brought it';

CREATE TABLE reference.control_total (
    source      text NOT NULL,
    period_from date NOT NULL,
    period_to   date NOT NULL CHECK (period_to >= period_from),
    unit_code   text NOT NULL,
    kind        text NOT NULL,
    count       bigint NOT NULL CHECK (count >= 0),
    load_id     bigint REFERENCES reference.load,
    PRIMARY KEY (source, period_from, period_to, unit_code, kind)
);
COMMENT ON TABLE reference.control_total IS 'Counts of other systems that registrations are held against';
COMMENT ON COLUMN reference.control_total.source IS 'The system that counted';
COMMENT ON COLUMN reference.control_total.period_from IS 'First day';
COMMENT ON COLUMN reference.control_total.period_to IS 'Last day';
COMMENT ON COLUMN reference.control_total.unit_code IS 'Unit, or all';
COMMENT ON COLUMN reference.control_total.kind IS 'What was counted: fines, arrests, dispatch, proco_queries, bodycam_activations, …';
COMMENT ON COLUMN reference.control_total.count IS 'The count';
COMMENT ON COLUMN reference.control_total.load_id IS 'The load that brought it';

CREATE TABLE reference.area_order (
    order_id     text PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('151b', '174b')),
    valid_from   timestamptz NOT NULL,
    valid_to     timestamptz NOT NULL CHECK (valid_to > valid_from),
    authority    text NOT NULL,
    published_at timestamptz,
    load_id      bigint REFERENCES reference.load
);
COMMENT ON TABLE reference.area_order IS 'Orders that designate an area for preventive searches';
COMMENT ON COLUMN reference.area_order.order_id IS 'Identifier of the order';
COMMENT ON COLUMN reference.area_order.kind IS 'Article of the Gemeentewet: 151b designation, 174b urgent';
COMMENT ON COLUMN reference.area_order.valid_from IS 'Start';
COMMENT ON COLUMN reference.area_order.valid_to IS 'End';
COMMENT ON COLUMN reference.area_order.authority IS 'Who ordered';
COMMENT ON COLUMN reference.area_order.published_at IS 'When it was made public';
COMMENT ON COLUMN reference.area_order.load_id IS 'The load that brought it';

CREATE TABLE reference.area_order_area (
    order_id  text NOT NULL REFERENCES reference.area_order,
    area_code text NOT NULL,
    PRIMARY KEY (order_id, area_code)
);
COMMENT ON TABLE reference.area_order_area IS 'Areas that an order covers';
COMMENT ON COLUMN reference.area_order_area.order_id IS 'The order';
COMMENT ON COLUMN reference.area_order_area.area_code IS 'Buurt or wijk';

CREATE TABLE reference.group_mode (
    decision_id text PRIMARY KEY,
    dpia_id     text NOT NULL CHECK (dpia_id <> ''),
    modes       text[] NOT NULL CHECK (cardinality(modes) > 0 AND modes <@ ARRAY['perceived', 'self']),
    valid_from  date NOT NULL,
    valid_until date NOT NULL CHECK (valid_until >= valid_from),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    recorded_by text NOT NULL
);
COMMENT ON TABLE reference.group_mode IS 'Decisions that allow the registration of perceived group for a time; without one, group fields are refused';
COMMENT ON COLUMN reference.group_mode.decision_id IS 'Identifier of the decision';
COMMENT ON COLUMN reference.group_mode.dpia_id IS 'The data protection impact assessment that it rests on';
COMMENT ON COLUMN reference.group_mode.modes IS 'perceived (before and after contact) and self (self-described)';
COMMENT ON COLUMN reference.group_mode.valid_from IS 'First stop date';
COMMENT ON COLUMN reference.group_mode.valid_until IS 'Last stop date';
COMMENT ON COLUMN reference.group_mode.recorded_at IS 'When it was recorded';
COMMENT ON COLUMN reference.group_mode.recorded_by IS 'The role that recorded it';

-- ---- registration: batches -----------------------------------------------------------------------

CREATE SEQUENCE registration.batch_id_seq AS bigint;
COMMENT ON SEQUENCE registration.batch_id_seq IS 'Numbers of batches; gaps are batches that were rolled back';

CREATE TABLE registration.batch (
    batch_id      bigint PRIMARY KEY DEFAULT nextval('registration.batch_id_seq'),
    profile       text NOT NULL,
    source_system text NOT NULL,
    file_name     text NOT NULL,
    file_sha256   bytea CHECK (octet_length(file_sha256) = 32),
    status        text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'stored', 'refused')),
    received      bigint NOT NULL DEFAULT 0 CHECK (received >= 0),
    accepted      bigint NOT NULL DEFAULT 0 CHECK (accepted >= 0),
    duplicate     bigint NOT NULL DEFAULT 0 CHECK (duplicate >= 0),
    quarantined   bigint NOT NULL DEFAULT 0 CHECK (quarantined >= 0),
    refused       bigint NOT NULL DEFAULT 0 CHECK (refused >= 0),
    report        jsonb,
    opened_at     timestamptz NOT NULL DEFAULT now(),
    closed_at     timestamptz,
    CONSTRAINT every_record_ends_once
        CHECK (status = 'open' OR received = accepted + duplicate + quarantined + refused)
);
ALTER SEQUENCE registration.batch_id_seq OWNED BY registration.batch.batch_id;
COMMENT ON TABLE registration.batch IS 'One row a batch: a file, a pulled page or a group of single posts';
COMMENT ON COLUMN registration.batch.batch_id IS 'Number; rows that it brought carry it as ledger_from';
COMMENT ON COLUMN registration.batch.profile IS 'How columns were mapped to fields';
COMMENT ON COLUMN registration.batch.source_system IS 'The system it came from';
COMMENT ON COLUMN registration.batch.file_name IS 'Base name of the file, or what stands for it';
COMMENT ON COLUMN registration.batch.file_sha256 IS 'SHA-256 of what was read';
COMMENT ON COLUMN registration.batch.status IS 'open inside its transaction, then stored; refused when taken back whole';
COMMENT ON COLUMN registration.batch.received IS 'Records as delivered';
COMMENT ON COLUMN registration.batch.accepted IS 'Records stored';
COMMENT ON COLUMN registration.batch.duplicate IS 'Records already held, identical';
COMMENT ON COLUMN registration.batch.quarantined IS 'Records set apart with a reason';
COMMENT ON COLUMN registration.batch.refused IS 'Records not stored';
COMMENT ON COLUMN registration.batch.report IS 'The batch report as given to the source';
COMMENT ON COLUMN registration.batch.opened_at IS 'When it was opened';
COMMENT ON COLUMN registration.batch.closed_at IS 'When it was closed or refused';

CREATE TABLE registration.batch_message (
    batch_id bigint NOT NULL REFERENCES registration.batch,
    code     text NOT NULL,
    severity text NOT NULL,
    field    text NOT NULL,
    count    bigint NOT NULL CHECK (count > 0),
    PRIMARY KEY (batch_id, code, field)
);
COMMENT ON TABLE registration.batch_message IS 'How often each rule spoke in a batch';
COMMENT ON COLUMN registration.batch_message.batch_id IS 'The batch';
COMMENT ON COLUMN registration.batch_message.code IS 'Rule';
COMMENT ON COLUMN registration.batch_message.severity IS 'Severity of the rule';
COMMENT ON COLUMN registration.batch_message.field IS 'Field, or empty';
COMMENT ON COLUMN registration.batch_message.count IS 'Number of findings';

CREATE TABLE registration.record_message (
    batch_id   bigint NOT NULL REFERENCES registration.batch,
    line       bigint NOT NULL,
    code       text NOT NULL,
    field      text,
    person_seq smallint
);
CREATE INDEX record_message_batch ON registration.record_message (batch_id, line);
COMMENT ON TABLE registration.record_message IS 'Findings that kept a record out, by line; never its content';
COMMENT ON COLUMN registration.record_message.batch_id IS 'The batch';
COMMENT ON COLUMN registration.record_message.line IS 'Line in the file';
COMMENT ON COLUMN registration.record_message.code IS 'Rule';
COMMENT ON COLUMN registration.record_message.field IS 'Field, or NULL';
COMMENT ON COLUMN registration.record_message.person_seq IS 'Person in the record, or NULL';

CREATE TABLE registration.quarantine (
    quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id      bigint NOT NULL REFERENCES registration.batch,
    line          bigint NOT NULL,
    source_system text NOT NULL,
    codes         text[] NOT NULL,
    sealed        bytea,
    status        text NOT NULL DEFAULT 'held' CHECK (status IN ('held', 'retried', 'dropped')),
    why           text,
    changed_at    timestamptz NOT NULL DEFAULT now(),
    CHECK (status = 'held' OR sealed IS NULL)
);
CREATE INDEX quarantine_batch ON registration.quarantine (batch_id);
COMMENT ON TABLE registration.quarantine IS 'Records with an error, sealed under a key outside the database until they are retried or dropped';
COMMENT ON COLUMN registration.quarantine.quarantine_id IS 'Number';
COMMENT ON COLUMN registration.quarantine.batch_id IS 'The batch that brought it';
COMMENT ON COLUMN registration.quarantine.line IS 'Line in the file';
COMMENT ON COLUMN registration.quarantine.source_system IS 'The system it came from';
COMMENT ON COLUMN registration.quarantine.codes IS 'Rules that it broke';
COMMENT ON COLUMN registration.quarantine.sealed IS 'The record, AES-256-GCM; NULL once retried or dropped';
COMMENT ON COLUMN registration.quarantine.status IS 'held, retried, dropped';
COMMENT ON COLUMN registration.quarantine.why IS 'Reason of the last change';
COMMENT ON COLUMN registration.quarantine.changed_at IS 'When it last changed';

CREATE TABLE registration.source_key (
    stop_id        uuid PRIMARY KEY,
    source_version integer NOT NULL,
    record_mac     bytea NOT NULL,
    group_mac      bytea,
    tx_type        text NOT NULL,
    ledger_from    bigint NOT NULL,
    started_at     timestamptz NOT NULL
);
COMMENT ON TABLE registration.source_key IS 'The current version of every registration: the one place of uniqueness';
COMMENT ON COLUMN registration.source_key.stop_id IS 'UUIDv5 of source system and record number';
COMMENT ON COLUMN registration.source_key.source_version IS 'Version; orders updates';
COMMENT ON COLUMN registration.source_key.record_mac IS 'HMAC-SHA-256 of what was received, under a key outside the database';
COMMENT ON COLUMN registration.source_key.group_mac IS 'The same of the group rows alone, NULL when none: perceived group is locked at first acceptance';
COMMENT ON COLUMN registration.source_key.tx_type IS 'I, U, N or W of the current version';
COMMENT ON COLUMN registration.source_key.ledger_from IS 'The batch that brought the current version';
COMMENT ON COLUMN registration.source_key.started_at IS 'Start of the stop';

CREATE TABLE registration.superseded (
    stop_id      uuid NOT NULL,
    ledger_from  bigint NOT NULL,
    ledger_until bigint NOT NULL CHECK (ledger_until > ledger_from),
    PRIMARY KEY (stop_id, ledger_from)
);
COMMENT ON TABLE registration.superseded IS 'Versions that a later one replaced; a version without a row here is current';
COMMENT ON COLUMN registration.superseded.stop_id IS 'The stop';
COMMENT ON COLUMN registration.superseded.ledger_from IS 'Batch of the replaced version';
COMMENT ON COLUMN registration.superseded.ledger_until IS 'Batch of the version that replaced it';

-- ---- registration and sensitive: the nine tables of a registration -------------------------------

CREATE TABLE registration.stop (
    stop_id uuid NOT NULL,
    ledger_from bigint NOT NULL,
    leaf_no integer NOT NULL,
    salt bytea NOT NULL,
    source_system text NOT NULL,
    source_record_no text NOT NULL,
    source_version integer,
    tx_type text NOT NULL,
    schema_version text,
    codeset_version text,
    registered_at timestamptz,
    late_reason text,
    withdrawal_reason text,
    started_at timestamptz NOT NULL,
    time_precision text,
    duration_min integer,
    observed_before_min integer,
    initiated_by text,
    operation_ref text,
    selection_method text,
    stop_mode text,
    vehicle_involved boolean,
    occupants integer,
    persons_present integer,
    persons_registered integer,
    persons_reason text,
    buurt_code text,
    place_type text,
    geo_cell text,
    legal_basis text[],
    traffic_docs_checked boolean,
    area_designation_ref text,
    public_view boolean,
    unit_code text,
    assignment text,
    officer_exp_band text,
    in_uniform boolean,
    officer_identified text,
    received_at timestamptz,
    state text,
    area_set text,
    wijk_code text,
    stadsdeel text,
    basisteam text,
    discretion text,
    light_class text,
    PRIMARY KEY (stop_id, ledger_from, started_at)
) PARTITION BY RANGE (started_at);
-- For the search of doubles and of earlier texts of a unit.
CREATE INDEX stop_unit_start ON registration.stop (unit_code, started_at);
COMMENT ON TABLE registration.stop IS 'The stop as an event, one row a version';
COMMENT ON COLUMN registration.stop.source_system IS 'System that registered the stop';
COMMENT ON COLUMN registration.stop.source_record_no IS 'Record number in that system';
COMMENT ON COLUMN registration.stop.source_version IS 'Version as the source counts: 1, 2, …';
COMMENT ON COLUMN registration.stop.tx_type IS 'I first, U update, N no further information, W withdrawn';
COMMENT ON COLUMN registration.stop.schema_version IS 'Version of the record format';
COMMENT ON COLUMN registration.stop.codeset_version IS 'Version of the code lists';
COMMENT ON COLUMN registration.stop.registered_at IS 'When the officer registered';
COMMENT ON COLUMN registration.stop.late_reason IS 'Why later than 24 hours';
COMMENT ON COLUMN registration.stop.withdrawal_reason IS 'Why withdrawn';
COMMENT ON COLUMN registration.stop.time_precision IS 'How exact the start is';
COMMENT ON COLUMN registration.stop.duration_min IS 'Duration in minutes';
COMMENT ON COLUMN registration.stop.observed_before_min IS 'Minutes observed before the stop';
COMMENT ON COLUMN registration.stop.initiated_by IS 'Who or what set it in motion';
COMMENT ON COLUMN registration.stop.operation_ref IS 'The operation it was part of';
COMMENT ON COLUMN registration.stop.selection_method IS 'How persons were selected';
COMMENT ON COLUMN registration.stop.stop_mode IS 'How the person moved';
COMMENT ON COLUMN registration.stop.vehicle_involved IS 'A vehicle was involved';
COMMENT ON COLUMN registration.stop.occupants IS 'Persons in the vehicle';
COMMENT ON COLUMN registration.stop.persons_present IS 'Persons who were there';
COMMENT ON COLUMN registration.stop.persons_registered IS 'Persons in this registration';
COMMENT ON COLUMN registration.stop.persons_reason IS 'Why fewer were registered than present';
COMMENT ON COLUMN registration.stop.buurt_code IS 'Smallest area: CBS buurt, or the code of a foreign set';
COMMENT ON COLUMN registration.stop.place_type IS 'Kind of place';
COMMENT ON COLUMN registration.stop.geo_cell IS 'Cell of a 250 m grid; never a coordinate';
COMMENT ON COLUMN registration.stop.legal_basis IS 'Powers used, in order';
COMMENT ON COLUMN registration.stop.traffic_docs_checked IS 'Traffic documents were asked for';
COMMENT ON COLUMN registration.stop.area_designation_ref IS 'Order that designated the area';
COMMENT ON COLUMN registration.stop.public_view IS 'In view of others';
COMMENT ON COLUMN registration.stop.unit_code IS 'Team';
COMMENT ON COLUMN registration.stop.assignment IS 'Kind of duty';
COMMENT ON COLUMN registration.stop.officer_exp_band IS 'Years of experience, in bands';
COMMENT ON COLUMN registration.stop.in_uniform IS 'Officer in uniform';
COMMENT ON COLUMN registration.stop.officer_identified IS 'Officer made themselves known';
COMMENT ON COLUMN registration.stop.received_at IS 'When the collector took it in';
COMMENT ON COLUMN registration.stop.state IS 'State at acceptance: ACCEPTED, ACCEPTED_WITH_WARNINGS, …';
COMMENT ON COLUMN registration.stop.area_set IS 'Set that buurt_code belongs to';
COMMENT ON COLUMN registration.stop.wijk_code IS 'Derived: area one level up';
COMMENT ON COLUMN registration.stop.stadsdeel IS 'Derived: district, where the area table has one';
COMMENT ON COLUMN registration.stop.basisteam IS 'Derived: police team of the area, where known';
COMMENT ON COLUMN registration.stop.discretion IS 'Derived: high, medium or low';
COMMENT ON COLUMN registration.stop.light_class IS 'Derived: day, twilight or dark at the start';

CREATE TABLE registration.person (
    stop_id uuid NOT NULL,
    ledger_from bigint NOT NULL,
    leaf_no integer NOT NULL,
    started_at timestamptz NOT NULL,
    person_seq smallint NOT NULL,
    role text,
    age_band text,
    perceived_gender text,
    prior_stops_12m_band text,
    behaviour text[],
    fact text[],
    circumstance text[],
    information_source text,
    information_age text,
    explained text,
    reason_told text[],
    receipt_given text,
    receipt_reason text,
    treatment_flags text[],
    bodycam text,
    bodycam_off_reason text,
    bodycam_hold text,
    regret_expressed boolean,
    reflection text,
    reflection_result text[],
    counterfactual_yes text,
    area_code text,
    wijk_code text,
    unit_code text,
    discretion text,
    legal_basis text,
    stop_mode text,
    light_class text,
    reason text,
    text_quality text,
    selection_sound boolean,
    only_weak boolean,
    reason_match text,
    searched boolean,
    hit_strict boolean,
    hit_broad boolean,
    sanctioned boolean,
    treated_plainly boolean,
    reflected_in_time boolean,
    PRIMARY KEY (stop_id, person_seq, ledger_from, started_at)
) PARTITION BY RANGE (started_at);
COMMENT ON TABLE registration.person IS 'A person who was stopped: the unit of analysis';
COMMENT ON COLUMN registration.person.role IS 'Driver, passenger, rider, pedestrian, group member';
COMMENT ON COLUMN registration.person.age_band IS 'Estimated age';
COMMENT ON COLUMN registration.person.perceived_gender IS 'Perceived gender';
COMMENT ON COLUMN registration.person.prior_stops_12m_band IS 'Earlier stops in 12 months, computed by the police';
COMMENT ON COLUMN registration.person.behaviour IS 'Behaviour that led to the selection';
COMMENT ON COLUMN registration.person.fact IS 'Facts that led to the selection';
COMMENT ON COLUMN registration.person.circumstance IS 'Circumstances of the selection';
COMMENT ON COLUMN registration.person.information_source IS 'Where the information came from';
COMMENT ON COLUMN registration.person.information_age IS 'How old it was';
COMMENT ON COLUMN registration.person.explained IS 'Whether and how the reason was explained';
COMMENT ON COLUMN registration.person.reason_told IS 'Reason that was told';
COMMENT ON COLUMN registration.person.receipt_given IS 'Receipt: digital, card, refused, not given';
COMMENT ON COLUMN registration.person.receipt_reason IS 'Why no receipt';
COMMENT ON COLUMN registration.person.treatment_flags IS 'What was done to the person';
COMMENT ON COLUMN registration.person.bodycam IS 'Bodycam worn and on';
COMMENT ON COLUMN registration.person.bodycam_off_reason IS 'Why off';
COMMENT ON COLUMN registration.person.bodycam_hold IS 'Images kept on request';
COMMENT ON COLUMN registration.person.regret_expressed IS 'Closing remark when nothing was found';
COMMENT ON COLUMN registration.person.reflection IS 'Reflection afterwards';
COMMENT ON COLUMN registration.person.reflection_result IS 'What came of it';
COMMENT ON COLUMN registration.person.counterfactual_yes IS 'Officer: the same check with other looks?';
COMMENT ON COLUMN registration.person.area_code IS 'Derived: the stop''s area';
COMMENT ON COLUMN registration.person.wijk_code IS 'Derived: the stop''s area one level up';
COMMENT ON COLUMN registration.person.unit_code IS 'Derived: the stop''s team';
COMMENT ON COLUMN registration.person.discretion IS 'Derived: the stop''s discretion';
COMMENT ON COLUMN registration.person.legal_basis IS 'Derived: the stop''s first legal basis';
COMMENT ON COLUMN registration.person.stop_mode IS 'Derived: the stop''s mode';
COMMENT ON COLUMN registration.person.light_class IS 'Derived: the stop''s light';
COMMENT ON COLUMN registration.person.reason IS 'Derived: first fact, else first behaviour, else first circumstance';
COMMENT ON COLUMN registration.person.text_quality IS 'Derived: none, boilerplate, good';
COMMENT ON COLUMN registration.person.selection_sound IS 'Derived: an individual behaviour or fact, a good text, not only sensitive codes';
COMMENT ON COLUMN registration.person.only_weak IS 'Derived: rests on sensitive or circumstance codes alone';
COMMENT ON COLUMN registration.person.reason_match IS 'Derived: reason told against reason recorded: full, partial, none';
COMMENT ON COLUMN registration.person.searched IS 'Derived: any search';
COMMENT ON COLUMN registration.person.hit_strict IS 'Derived: illegal in itself and linked to the reason; NULL without a search';
COMMENT ON COLUMN registration.person.hit_broad IS 'Derived: any sanction';
COMMENT ON COLUMN registration.person.sanctioned IS 'Derived: a result that is a sanction';
COMMENT ON COLUMN registration.person.treated_plainly IS 'Derived: no force or treatment flag without a search, arrest or risk code';
COMMENT ON COLUMN registration.person.reflected_in_time IS 'Derived: reflected within 7 days; NULL while planned and not yet 7 days';

CREATE TABLE registration.action (
    stop_id uuid NOT NULL,
    ledger_from bigint NOT NULL,
    leaf_no integer NOT NULL,
    started_at timestamptz NOT NULL,
    person_seq smallint NOT NULL,
    ord smallint NOT NULL,
    id_checked text,
    search_kind text,
    search_basis text,
    search_object text,
    force text[],
    PRIMARY KEY (stop_id, person_seq, ord, ledger_from, started_at)
) PARTITION BY RANGE (started_at);
COMMENT ON TABLE registration.action IS 'Actions, in order';
COMMENT ON COLUMN registration.action.id_checked IS 'Identity check';
COMMENT ON COLUMN registration.action.search_kind IS 'Kind of search';
COMMENT ON COLUMN registration.action.search_basis IS 'Power or consent it rests on';
COMMENT ON COLUMN registration.action.search_object IS 'What was looked for';
COMMENT ON COLUMN registration.action.force IS 'Force used';

CREATE TABLE registration.find (
    stop_id uuid NOT NULL,
    ledger_from bigint NOT NULL,
    leaf_no integer NOT NULL,
    started_at timestamptz NOT NULL,
    person_seq smallint NOT NULL,
    ord smallint NOT NULL,
    found_class text,
    illegal_in_itself boolean,
    linked_to_reason text,
    PRIMARY KEY (stop_id, person_seq, ord, ledger_from, started_at)
) PARTITION BY RANGE (started_at);
COMMENT ON TABLE registration.find IS 'What was found, in order';
COMMENT ON COLUMN registration.find.found_class IS 'Class of the find';
COMMENT ON COLUMN registration.find.illegal_in_itself IS 'Having it is an offence';
COMMENT ON COLUMN registration.find.linked_to_reason IS 'Linked to the reason of the stop';

CREATE TABLE registration.result (
    stop_id uuid NOT NULL,
    ledger_from bigint NOT NULL,
    leaf_no integer NOT NULL,
    started_at timestamptz NOT NULL,
    person_seq smallint NOT NULL,
    ord smallint NOT NULL,
    result text,
    offence_code text,
    later_outcome text,
    later_outcome_at timestamptz,
    PRIMARY KEY (stop_id, person_seq, ord, ledger_from, started_at)
) PARTITION BY RANGE (started_at);
COMMENT ON TABLE registration.result IS 'Results, in order';
COMMENT ON COLUMN registration.result.result IS 'What came of it';
COMMENT ON COLUMN registration.result.offence_code IS 'Offence, for fines, reports and arrests';
COMMENT ON COLUMN registration.result.later_outcome IS 'How it ended, by a later update';
COMMENT ON COLUMN registration.result.later_outcome_at IS 'When it ended';

CREATE TABLE registration.free_text (
    stop_id uuid NOT NULL,
    ledger_from bigint NOT NULL,
    leaf_no integer NOT NULL,
    salt bytea NOT NULL,
    started_at timestamptz NOT NULL,
    person_seq smallint NOT NULL,
    selection_text text,
    PRIMARY KEY (stop_id, person_seq, ledger_from, started_at)
) PARTITION BY RANGE (started_at);
COMMENT ON TABLE registration.free_text IS 'The one sentence in the officer''s words, screened at the door; erasable alone';
COMMENT ON COLUMN registration.free_text.selection_text IS 'Why this person was selected';

CREATE TABLE sensitive.person_group (
    stop_id uuid NOT NULL,
    ledger_from bigint NOT NULL,
    leaf_no integer NOT NULL,
    salt bytea NOT NULL,
    started_at timestamptz NOT NULL,
    person_seq smallint NOT NULL,
    perspective text NOT NULL,
    codes text[],
    perceived_before_decision text,
    group_class text,
    locked_at timestamptz,
    PRIMARY KEY (stop_id, person_seq, perspective, ledger_from, started_at)
) PARTITION BY RANGE (started_at);
COMMENT ON TABLE sensitive.person_group IS 'Perceived or self-described group, a row a perspective';
COMMENT ON COLUMN sensitive.person_group.perspective IS 'before_contact, after_contact or self';
COMMENT ON COLUMN sensitive.person_group.codes IS 'One or two groups, or not_perceived';
COMMENT ON COLUMN sensitive.person_group.perceived_before_decision IS 'Perceived before the decision to stop';
COMMENT ON COLUMN sensitive.person_group.group_class IS 'Derived: the code, or the mixed class when two were given';
COMMENT ON COLUMN sensitive.person_group.locked_at IS 'Derived: first acceptance, after which it cannot change';

CREATE TABLE sensitive.person_trait (
    stop_id uuid NOT NULL,
    ledger_from bigint NOT NULL,
    leaf_no integer NOT NULL,
    salt bytea NOT NULL,
    started_at timestamptz NOT NULL,
    person_seq smallint NOT NULL,
    language_barrier boolean,
    visible_disability boolean,
    vulnerable_signs boolean,
    visible_religious_sign text,
    PRIMARY KEY (stop_id, person_seq, ledger_from, started_at)
) PARTITION BY RANGE (started_at);
COMMENT ON TABLE sensitive.person_trait IS 'Traits that bear on fair treatment; a row only when one is given';
COMMENT ON COLUMN sensitive.person_trait.language_barrier IS 'Language was a barrier';
COMMENT ON COLUMN sensitive.person_trait.visible_disability IS 'A visible disability';
COMMENT ON COLUMN sensitive.person_trait.vulnerable_signs IS 'Signs of vulnerability';
COMMENT ON COLUMN sensitive.person_trait.visible_religious_sign IS 'A visible religious sign; off by default';

CREATE TABLE sensitive.officer (
    stop_id uuid NOT NULL,
    ledger_from bigint NOT NULL,
    leaf_no integer NOT NULL,
    salt bytea NOT NULL,
    started_at timestamptz NOT NULL,
    officer_pseudonym text,
    PRIMARY KEY (stop_id, ledger_from, started_at)
) PARTITION BY RANGE (started_at);
COMMENT ON TABLE sensitive.officer IS 'Pseudonym of the officer under a key that the police hold; off by default';
COMMENT ON COLUMN sensitive.officer.officer_pseudonym IS 'The pseudonym; changes every year';

-- Columns that the nine tables share.
DO $$
DECLARE
    c record;
BEGIN
    FOR c IN
        SELECT a.attrelid::regclass AS t, a.attname AS name, e.text
          FROM pg_attribute a
          JOIN (VALUES
                ('stop_id', 'UUIDv5 of source system and record number'),
                ('ledger_from', 'The batch that brought this version'),
                ('leaf_no', 'Leaf of the batch''s Merkle tree that covers this row'),
                ('salt', 'Random bytes of the leaf: erased with the row, nothing can be guessed from its hash'),
                ('started_at', 'Start of the stop; months of UTC are partitions'),
                ('person_seq', 'Person in the registration, from 1'),
                ('ord', 'Order as given, from 1')) AS e (name, text) ON e.name = a.attname
         WHERE a.attrelid IN ('registration.stop'::regclass, 'registration.person'::regclass,
                              'registration.action'::regclass, 'registration.find'::regclass,
                              'registration.result'::regclass, 'registration.free_text'::regclass,
                              'sensitive.person_group'::regclass, 'sensitive.person_trait'::regclass,
                              'sensitive.officer'::regclass)
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', c.t, c.name, c.text);
    END LOOP;
END
$$;

-- Which months have their partitions; two sessions that need the same month meet on its row.
CREATE TABLE ingest.month (
    starts_at timestamptz PRIMARY KEY
);
COMMENT ON TABLE ingest.month IS 'Months for which the partitions of the nine tables exist';
COMMENT ON COLUMN ingest.month.starts_at IS 'First instant of the month, UTC';

-- ---- analysis ------------------------------------------------------------------------------------

CREATE TABLE analysis.run (
    run_id          text PRIMARY KEY,
    month           text NOT NULL CHECK (month ~ '^\d{4}-\d{2}$'),
    created_at      timestamptz NOT NULL DEFAULT now(),
    code_version    text NOT NULL,
    seed            bigint NOT NULL,
    parameters      jsonb NOT NULL,
    inputs_sha256   bytea NOT NULL CHECK (octet_length(inputs_sha256) = 32),
    ledger_entry    bigint NOT NULL REFERENCES audit.ledger,
    document        bytea NOT NULL,
    document_sha256 bytea NOT NULL CHECK (octet_length(document_sha256) = 32),
    cells           bytea NOT NULL,
    cells_sha256    bytea NOT NULL CHECK (octet_length(cells_sha256) = 32)
);
COMMENT ON TABLE analysis.run IS 'Runs of the analyzer with all that is needed to compute them again';
COMMENT ON COLUMN analysis.run.run_id IS 'Identifier of the run';
COMMENT ON COLUMN analysis.run.month IS 'Month that was analysed, local time';
COMMENT ON COLUMN analysis.run.created_at IS 'When it was stored';
COMMENT ON COLUMN analysis.run.code_version IS 'Version of the program';
COMMENT ON COLUMN analysis.run.seed IS 'Seed of the random streams';
COMMENT ON COLUMN analysis.run.parameters IS 'Choices made for the run';
COMMENT ON COLUMN analysis.run.inputs_sha256 IS 'SHA-256 of what went in';
COMMENT ON COLUMN analysis.run.ledger_entry IS 'Ledger entry of kind analysis';
COMMENT ON COLUMN analysis.run.document IS 'The analysis document, canonical JSON';
COMMENT ON COLUMN analysis.run.document_sha256 IS 'SHA-256 of the document';
COMMENT ON COLUMN analysis.run.cells IS 'The counts it was computed from, kept after the registrations are gone';
COMMENT ON COLUMN analysis.run.cells_sha256 IS 'SHA-256 of the cells';

CREATE TABLE analysis.figure (
    run_id      text NOT NULL REFERENCES analysis.run,
    ord         integer NOT NULL,
    measure     text NOT NULL,
    method      text,
    month       text,
    period      text,
    place       text,
    group_code  text,
    reference   text,
    term        text,
    benchmark   text,
    value       double precision,
    lower       double precision,
    upper       double precision,
    level       double precision,
    se          double precision,
    statistic   double precision,
    df          double precision,
    p           double precision,
    q           double precision,
    n           double precision,
    events      double precision,
    flagged     boolean,
    detectable  double precision,
    guard       text,
    note        text,
    base        jsonb,
    PRIMARY KEY (run_id, ord)
);
COMMENT ON TABLE analysis.figure IS 'Every figure of a run';
COMMENT ON COLUMN analysis.figure.run_id IS 'The run';
COMMENT ON COLUMN analysis.figure.ord IS 'Order in the document';
COMMENT ON COLUMN analysis.figure.measure IS 'What is measured';
COMMENT ON COLUMN analysis.figure.method IS 'Estimator or test';
COMMENT ON COLUMN analysis.figure.month IS 'Last month of the window';
COMMENT ON COLUMN analysis.figure.period IS 'Window: month, 3 or 12 months, year to date';
COMMENT ON COLUMN analysis.figure.place IS 'Area, unit or the city';
COMMENT ON COLUMN analysis.figure.group_code IS 'Perceived group';
COMMENT ON COLUMN analysis.figure.reference IS 'Group it is compared with';
COMMENT ON COLUMN analysis.figure.term IS 'Term of a model';
COMMENT ON COLUMN analysis.figure.benchmark IS 'Denominator';
COMMENT ON COLUMN analysis.figure.value IS 'The value; NULL when undefined or withheld';
COMMENT ON COLUMN analysis.figure.lower IS 'Lower end of the interval';
COMMENT ON COLUMN analysis.figure.upper IS 'Upper end of the interval';
COMMENT ON COLUMN analysis.figure.level IS 'Level of the interval';
COMMENT ON COLUMN analysis.figure.se IS 'Standard error';
COMMENT ON COLUMN analysis.figure.statistic IS 'Test statistic';
COMMENT ON COLUMN analysis.figure.df IS 'Degrees of freedom';
COMMENT ON COLUMN analysis.figure.p IS 'p-value';
COMMENT ON COLUMN analysis.figure.q IS 'Value after correction for many comparisons';
COMMENT ON COLUMN analysis.figure.n IS 'Number it rests on';
COMMENT ON COLUMN analysis.figure.events IS 'Number of events';
COMMENT ON COLUMN analysis.figure.flagged IS 'Stands out after correction';
COMMENT ON COLUMN analysis.figure.detectable IS 'Smallest ratio that this n shows with 80% power';
COMMENT ON COLUMN analysis.figure.guard IS 'Rule that withheld the value';
COMMENT ON COLUMN analysis.figure.note IS 'What to know when reading it';
COMMENT ON COLUMN analysis.figure.base IS 'The cells it sums, as a filter over dimensions';
