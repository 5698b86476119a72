-- SPDX-License-Identifier: EUPL-1.2

CREATE OR REPLACE FUNCTION reference.record_load(
    p_kind text, p_file_name text, p_sha256 bytea, p_rows bigint)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = reference, pg_temp
AS $$
DECLARE
    id bigint;
BEGIN
    INSERT INTO reference.load (kind, file_name, sha256, rows)
    VALUES (p_kind, p_file_name, p_sha256, p_rows)
    ON CONFLICT (kind, sha256) DO NOTHING RETURNING load_id INTO id;
    IF id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM audit.append_entry('load', NULL,
        format('{"kind":%s,"load_id":%s,"rows":%s,"sha256":"%s"}', to_json(p_kind), id, p_rows,
               encode(p_sha256, 'hex')), 0, NULL);
    RETURN id;
END
$$;
COMMENT ON FUNCTION reference.record_load(text, text, bytea, bigint) IS 'Records a file of reference data and enters it into the ledger; NULL when it was loaded before';

CREATE OR REPLACE FUNCTION reference.decide_group_mode(
    p_decision_id text, p_dpia_id text, p_modes text[], p_from date, p_until date)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = reference, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM reference.group_mode m
                WHERE (m.decision_id, m.dpia_id, m.modes, m.valid_from, m.valid_until)
                    = (p_decision_id, p_dpia_id, p_modes, p_from, p_until)) THEN
        RETURN NULL;
    END IF;
    INSERT INTO reference.group_mode (decision_id, dpia_id, modes, valid_from, valid_until, recorded_by)
    VALUES (p_decision_id, p_dpia_id, p_modes, p_from, p_until, session_user);
    RETURN audit.append_entry('group-mode', NULL,
        format('{"decision_id":%s,"dpia_id":%s,"from":"%s","modes":%s,"until":"%s"}',
               to_json(p_decision_id), to_json(p_dpia_id), to_char(p_from, 'YYYY-MM-DD'),
               to_json(p_modes), to_char(p_until, 'YYYY-MM-DD')), 0, NULL);
END
$$;
COMMENT ON FUNCTION reference.decide_group_mode(text, text, text[], date, date) IS 'Records the decision that perceived group may be registered for a time; returns the ledger entry, NULL when it was recorded before';

CREATE OR REPLACE FUNCTION reference.schema_version()
RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = reference, pg_temp
AS $$ SELECT max(name) FROM audit.migration $$;
COMMENT ON FUNCTION reference.schema_version() IS 'The last migration that was applied: every program checks that it is its own';

-- One for all tables that have a <name>_past beside them. A change by hand, outside a load, has no
-- number that a run could name: it counts as if it had always been so.
CREATE OR REPLACE FUNCTION reference.keep_past()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = reference, pg_temp
AS $$
BEGIN
    IF NEW.load_id IS NOT DISTINCT FROM OLD.load_id THEN
        RETURN NEW;
    END IF;
    EXECUTE format('INSERT INTO reference.%I SELECT ($1).*, $2', TG_TABLE_NAME || '_past')
      USING OLD, NEW.load_id;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION reference.keep_past() IS 'Keeps the row that a load replaces';

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['code', 'setting', 'area', 'population', 'bridge', 'benchmark',
                             'control_total'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER past_is_kept BEFORE UPDATE ON reference.%s '
                       'FOR EACH ROW EXECUTE FUNCTION reference.keep_past()', t);
        EXECUTE format('COMMENT ON TRIGGER past_is_kept ON reference.%s IS %L', t,
                       'A run can be verified with what it was made with');
    END LOOP;
END
$$;
