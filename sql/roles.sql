-- SPDX-License-Identifier: EUPL-1.2
-- Roles and rights, applied whole after every migration: first everything is owned by app_owner and
-- taken from everybody, then given to each role what its task needs and nothing else. Nobody has
-- CREATEROLE (on 15 it can grant itself pg_execute_server_program). Roles are the cluster's, rights
-- the database's. Passwords and certificates are set outside.

DO $$
DECLARE
    wanted constant text[][] := ARRAY[
        ['app_owner', 'NOLOGIN INHERIT'], ['migrator', 'LOGIN NOINHERIT'], ['collector', 'LOGIN INHERIT'],
        ['analyst', 'LOGIN INHERIT'], ['mayor_office', 'LOGIN INHERIT'], ['police_liaison', 'LOGIN INHERIT'],
        ['auditor', 'LOGIN INHERIT CONNECTION LIMIT 3'], ['retention', 'LOGIN INHERIT'],
        ['loader', 'LOGIN INHERIT'], ['supervisor', 'LOGIN INHERIT'], ['releaser', 'LOGIN INHERIT'],
        ['dashboard', 'LOGIN NOINHERIT']];
    i integer;
BEGIN
    FOR i IN 1 .. array_length(wanted, 1) LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted[i][1]) THEN
            EXECUTE format('CREATE ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION '
                           'NOBYPASSRLS %s', wanted[i][1], wanted[i][2]);
        ELSIF EXISTS (SELECT FROM pg_roles WHERE rolname = wanted[i][1]
                         AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
                              OR rolcanlogin <> (wanted[i][2] LIKE 'LOGIN%')
                              OR rolinherit <> (wanted[i][2] NOT LIKE '%NOINHERIT%'))) THEN
            EXECUTE format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION '
                           'NOBYPASSRLS %s', wanted[i][1], wanted[i][2]);
        END IF;
    END LOOP;
    -- Memberships: the web server sets one of four roles a request; nothing else is granted.
    FOR i IN 1 .. array_length(wanted, 1) LOOP
        IF wanted[i][1] IN ('police_liaison', 'mayor_office', 'auditor', 'analyst') THEN
            IF NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = wanted[i][1]::regrole
                              AND member = 'dashboard'::regrole) THEN
                EXECUTE format('GRANT %I TO dashboard', wanted[i][1]);
            END IF;
        END IF;
    END LOOP;
END
$$;
COMMENT ON ROLE app_owner IS 'Owns schemas, tables and functions; nobody logs in as it';
COMMENT ON ROLE migrator IS 'Applies migrations, from the deploy host only';
COMMENT ON ROLE collector IS 'Takes registrations in; reads none';
COMMENT ON ROLE analyst IS 'Reads pseudonymised views; stores runs';
COMMENT ON ROLE mayor_office IS 'Reads what was released to it; records decisions';
COMMENT ON ROLE police_liaison IS 'Reads the month in review; answers signals';
COMMENT ON ROLE auditor IS 'Reads everything, changes nothing';
COMMENT ON ROLE retention IS 'Purges what is past its term';
COMMENT ON ROLE loader IS 'Loads reference data';
COMMENT ON ROLE supervisor IS 'Reviews records of the own unit';
COMMENT ON ROLE releaser IS 'Releases, with a second person';
COMMENT ON ROLE dashboard IS 'The web server; sets one role a request';

-- ---- ownership, and nothing for everybody --------------------------------------------------------

DO $$
DECLARE
    ours constant text[] := ARRAY['reference', 'registration', 'sensitive', 'citizen', 'analysis',
                                  'publication', 'audit', 'ingest', 'retention'];
    everyone constant text := 'PUBLIC, migrator, collector, analyst, mayor_office, police_liaison, '
        'auditor, retention, loader, supervisor, releaser, dashboard';
    s text;
    o record;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO migrator, collector, analyst, mayor_office, '
                   'police_liaison, auditor, retention, loader, supervisor, releaser, dashboard',
                   current_database());
    EXECUTE 'REVOKE ALL ON SCHEMA public FROM PUBLIC';
    EXECUTE 'GRANT USAGE ON SCHEMA public TO app_owner';
    FOREACH s IN ARRAY ours LOOP
        EXECUTE format('ALTER SCHEMA %I OWNER TO app_owner', s);
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %s', s, everyone);
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %s', s, everyone);
        EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM %s', s, everyone);
        EXECUTE format('REVOKE ALL ON ALL ROUTINES IN SCHEMA %I FROM %s', s, everyone);
        EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA %I REVOKE ALL ON TABLES FROM PUBLIC', s);
    END LOOP;
    FOR o IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class c
              WHERE c.relnamespace::regnamespace::text = ANY (ours)
                AND c.relkind IN ('r', 'p', 'v') AND c.relowner <> 'app_owner'::regrole LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO app_owner', o.name);
    END LOOP;
    FOR o IN SELECT p.oid::regprocedure AS name FROM pg_proc p
              WHERE p.pronamespace::regnamespace::text = ANY (ours)
                AND p.proowner <> 'app_owner'::regrole LOOP
        EXECUTE format('ALTER ROUTINE %s OWNER TO app_owner', o.name);
    END LOOP;
    -- Also for what is made later: a new function is nobody's until it is granted.
    EXECUTE 'ALTER DEFAULT PRIVILEGES FOR ROLE app_owner REVOKE EXECUTE ON ROUTINES FROM PUBLIC';
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE EXECUTE ON ROUTINES FROM PUBLIC', current_user);
    -- Large objects are a place to write that no table grant covers.
    FOR o IN SELECT p.oid::regprocedure AS name FROM pg_proc p
              WHERE p.pronamespace = 'pg_catalog'::regnamespace
                AND (p.proname LIKE 'lo\_%' OR p.proname IN ('loread', 'lowrite'))
                AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                             WHERE a.grantee = 0) LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', o.name);
    END LOOP;
END
$$;

-- ---- every role: which schema this is ------------------------------------------------------------

GRANT USAGE ON SCHEMA reference TO migrator, collector, analyst, mayor_office, police_liaison, auditor,
    retention, loader, supervisor, releaser, dashboard;
GRANT EXECUTE ON FUNCTION reference.schema_version() TO migrator, collector, analyst, mayor_office,
    police_liaison, auditor, retention, loader, supervisor, releaser, dashboard;

-- ---- collector -----------------------------------------------------------------------------------

GRANT USAGE ON SCHEMA ingest, registration, sensitive TO collector;
GRANT SELECT ON ALL TABLES IN SCHEMA reference TO collector;
GRANT INSERT ON registration.stop, registration.person, registration.action, registration.find,
    registration.result, registration.free_text, sensitive.person_group, sensitive.person_trait,
    sensitive.officer TO collector;
-- Counts of what it stores, into a roll-up that it opened in the same transaction.
-- PLANTED(grant-too-much) GRANT SELECT ON registration.stop TO collector;
GRANT USAGE ON SCHEMA analysis TO collector;
GRANT INSERT ON analysis.roll_up_cell, analysis.roll_up_reason TO collector;
GRANT EXECUTE ON FUNCTION
    ingest.open_roll_up(text), ingest.close_roll_up(bigint, bigint[]),
    ingest.ensure_partitions(timestamptz, timestamptz),
    ingest.open_batch(text, text, text),
    ingest.claim(bigint, uuid[], integer[], text[], bytea[], bytea[], timestamptz[]),
    ingest.similar_doubles(bigint, text[], text[], timestamptz[]),
    ingest.similar_texts(text[], text[]),
    ingest.close_batch(bigint, bytea, bigint, bigint, bigint, bigint, bigint, bigint, bytea, jsonb),
    ingest.refuse_batch(text, text, text, bytea, bigint, jsonb),
    ingest.add_messages(bigint, bigint[], text[], text[], smallint[]),
    ingest.count_messages(bigint, text[], text[], text[], bigint[]),
    ingest.add_quarantine(bigint, bigint[], text, text[], bytea[], bytea[], uuid[]),
    ingest.quarantine_list(text), ingest.quarantine_show(bigint, text),
    ingest.quarantine_drop(bigint, text), ingest.quarantine_retried(bigint, text),
    ingest.add_foreign_code(text, text, date, text[], text, text),
    ingest.add_seen_areas(bigint, text, text),
    ingest.review_draw(text, text, text, text), ingest.close_month(text, text, text),
    ingest.open_contest(uuid, integer, text[], text, text),
    ingest.live_identities(), ingest.dead_identities(bigint[]), ingest.record_status(uuid),
    ingest.upload_result(text, text), ingest.batch_findings(bigint, bigint, integer),
    ingest.gaps(text, text, date, date, integer),
    ingest.add_control_totals(text, text, bytea, jsonb),
    ingest.add_aggregates(text, bytea, text, text, jsonb)
    TO collector;

-- ---- analyst -------------------------------------------------------------------------------------

GRANT USAGE ON SCHEMA analysis TO analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA analysis, reference TO analyst;
-- The functions of this schema are the analyst's: they give counts, and store what was computed. What
-- they are made of is not.
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA analysis TO analyst;
REVOKE EXECUTE ON FUNCTION analysis.count_cells(text, bigint[], bigint[], boolean, boolean),
    analysis.take_off_replaced(bigint, bigint[], boolean), analysis.merge_roll_ups(text, integer),
    analysis.refuse_late_counts(), analysis.stop_not_counted(text), analysis.batches_until(bigint),
    analysis.model_rows(text), analysis.model_groups(text), analysis.model_other_group(text),
    analysis.model_areas(text) FROM analyst;

-- ---- mayor's office, liaison: reference texts; what is released to them comes through functions ----

GRANT SELECT ON reference.code, reference.setting, reference.area TO mayor_office, police_liaison;
GRANT SELECT ON reference.group_mode TO mayor_office;
GRANT EXECUTE ON FUNCTION reference.decide_group_mode(text, text, text[], date, date) TO mayor_office;

-- ---- auditor -------------------------------------------------------------------------------------

GRANT USAGE ON SCHEMA registration, analysis, publication, audit, ingest TO auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA reference, analysis, publication, audit, ingest TO auditor;
-- Rows of single registrations only through functions that log the look.
REVOKE SELECT ON analysis.stop_v, analysis.action_v FROM auditor;
GRANT SELECT ON registration.batch, registration.batch_message, registration.record_message,
    registration.superseded TO auditor;
GRANT EXECUTE ON FUNCTION audit.leaf_rows(text, bigint, bigint, integer, integer),
    audit.index_new_rows(), audit.differences(), audit.entry_hash(audit.ledger),
    audit.stops(timestamptz, timestamptz, text), audit.persons(timestamptz, timestamptz, text),
    audit.groups(timestamptz, timestamptz, text),
    audit.actions(timestamptz, timestamptz, text), audit.stop_versions(uuid, text),
    audit.acts(timestamptz, timestamptz, text) TO auditor;

-- ---- loader --------------------------------------------------------------------------------------

GRANT SELECT ON ALL TABLES IN SCHEMA reference TO loader;
GRANT INSERT, UPDATE, DELETE ON reference.code, reference.setting, reference.area,
    reference.population, reference.bridge, reference.benchmark, reference.control_total,
    reference.area_order, reference.area_order_area TO loader;
GRANT EXECUTE ON FUNCTION reference.record_load(text, text, bytea, bigint) TO loader;
GRANT USAGE ON SCHEMA registration TO loader;
GRANT EXECUTE ON FUNCTION
    registration.appoint_reviewer(text, text, text, date, date, text) TO loader;
-- Who may hand something over is not the collector's to decide: its own credentials make no other.
GRANT USAGE ON SCHEMA ingest TO loader;
GRANT EXECUTE ON FUNCTION ingest.add_identity(text, text, bytea, text, timestamptz),
    ingest.revoke_identity(bigint), ingest.list_identities() TO loader;

-- ---- supervisor: records of own units, through functions that log or ledger -----------------------

GRANT USAGE ON SCHEMA registration TO supervisor;
GRANT EXECUTE ON FUNCTION
    registration.review_list(text, text, boolean), registration.review_show(bigint, text, text),
    registration.review_confirm(bigint, text), registration.review_return(bigint, text, text[], text),
    registration.agree_withdrawal(uuid, text, text), registration.unlock_group(uuid, text, text),
    registration.contest_list(text, text), registration.answer_contest(bigint, text, text, text),
    registration.overdue_list(text, text) TO supervisor;
