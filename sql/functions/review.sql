-- SPDX-License-Identifier: EUPL-1.2
-- Acts on stored registrations: review, withdrawal, unlock of a group, close of a month, contest. What
-- a supervisor calls is in schema registration, what the collector calls in ingest. Each act is one
-- row and one entry of the ledger; nothing here changes a stored registration. Errors of state are
-- 55000, of who may 42501.

-- ---- an act and its entry --------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION registration.flat_json(p_value jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = registration, pg_temp
AS $$
    SELECT '{' || coalesce(string_agg(to_json(e.key) || ':' || e.value, ',' ORDER BY e.key COLLATE "C"), '')
           || '}' FROM jsonb_each(p_value) AS e
$$;
COMMENT ON FUNCTION registration.flat_json(jsonb) IS 'An object as canonical JSON: keys sorted by byte, no space between members';

CREATE OR REPLACE FUNCTION registration.act_leaf(a registration.review_act) RETURNS text
LANGUAGE sql STABLE SET search_path = registration, pg_temp
AS $$
    SELECT encode(sha256('\x0001'::bytea || a.salt || convert_to(jsonb_build_array(
        a.act_id, a.kind, (extract(epoch FROM a.at) * 1000000)::bigint, a.by_name, a.role, a.stop_id,
        a.ledger_from, a.person_seq, a.month, a.unit_code, a.codes, a.note, a.detail)::text, 'UTF8')), 'hex')
$$;
COMMENT ON FUNCTION registration.act_leaf(registration.review_act) IS 'Salted hash of an act, which its ledger entry holds';

-- p_public is what the entry says in clear: nothing of a stop, a person or a reviewer.
CREATE OR REPLACE FUNCTION registration.act(a registration.review_act, p_public jsonb DEFAULT '{}')
RETURNS registration.review_act
LANGUAGE plpgsql SET search_path = registration, pg_temp
AS $$
BEGIN
    a.act_id := coalesce(a.act_id, nextval(pg_get_serial_sequence('registration.review_act', 'act_id')));
    a.at := clock_timestamp();
    a.role := session_user;
    a.detail := coalesce(a.detail, '{}');
    a.note := nullif(a.note, '');
    a.salt := uuid_send(gen_random_uuid());
    a.entry := audit.append_entry(a.kind, NULL, registration.flat_json(p_public
        || jsonb_build_object('act', a.act_id, 'leaf', registration.act_leaf(a))), 0, NULL);
    INSERT INTO registration.review_act SELECT a.*;
    RETURN a;
END
$$;
COMMENT ON FUNCTION registration.act(registration.review_act, jsonb) IS 'Stores an act with its ledger entry; the only writer of registration.review_act; owner only';

CREATE OR REPLACE FUNCTION registration.needs(p_true boolean, p_text text) RETURNS void
LANGUAGE plpgsql SET search_path = registration, pg_temp
AS $$
BEGIN
    IF p_true IS NOT TRUE THEN
        RAISE EXCEPTION '%', p_text USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
END
$$;
COMMENT ON FUNCTION registration.needs(boolean, text) IS 'Fails with the text unless it is true';

CREATE OR REPLACE FUNCTION registration.forbids(p_true boolean, p_text text) RETURNS void
LANGUAGE plpgsql SET search_path = registration, pg_temp
AS $$
BEGIN
    IF p_true IS NOT FALSE THEN
        RAISE EXCEPTION '%', p_text USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;
COMMENT ON FUNCTION registration.forbids(boolean, text) IS 'Refuses with the text unless it is false';

-- ---- who -------------------------------------------------------------------------------------------

-- The service roles pass on who acts. Who logs in under a name of their own acts under that name only.
CREATE OR REPLACE FUNCTION registration.who(p_by text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = registration, pg_temp
AS $$
BEGIN
    PERFORM registration.needs(coalesce(p_by ~ '^[[:alnum:]][[:alnum:]._@-]{1,59}$', false),
        'a name of who acts is needed: 2 to 60 letters, digits, dots, hyphens');
    PERFORM registration.forbids(p_by <> session_user
        AND session_user NOT IN ('supervisor', 'collector', 'loader', 'dashboard')
        AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = session_user AND r.rolsuper),
        'nobody acts under the name of another');
    RETURN p_by;
END
$$;
COMMENT ON FUNCTION registration.who(text) IS 'The name under which somebody acts; fails when it is not theirs';

CREATE OR REPLACE FUNCTION registration.reviews_unit(p_by text, p_unit text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = registration, pg_temp
AS $$
    -- The latest appointment to a unit is the one that holds.
    SELECT coalesce((SELECT current_date BETWEEN (a.detail ->> 'from')::date AND (a.detail ->> 'until')::date
                       FROM registration.review_act a
                      WHERE a.kind = 'reviewer' AND a.unit_code = p_unit AND a.detail ->> 'name' = p_by
                      ORDER BY a.act_id DESC LIMIT 1), false)
$$;
COMMENT ON FUNCTION registration.reviews_unit(text, text) IS 'Whether somebody is appointed to review a unit today';

CREATE OR REPLACE FUNCTION registration.own_record(p_by text, p_stop_id uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = registration, sensitive, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM sensitive.officer o
                     JOIN registration.review_act a ON a.kind = 'reviewer' AND a.detail ->> 'name' = p_by
                      AND a.detail ->> 'pseudonym' = o.officer_pseudonym
                    WHERE o.stop_id = p_stop_id)
$$;
COMMENT ON FUNCTION registration.own_record(text, uuid) IS 'Whether a reviewer made the stop; known only where sources send pseudonyms of officers';

CREATE OR REPLACE FUNCTION registration.appoint_reviewer(
    p_by text, p_name text, p_unit text, p_from date, p_until date, p_pseudonym text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
DECLARE
    a registration.review_act;
BEGIN
    a.kind := 'reviewer';
    a.by_name := registration.who(p_by);
    PERFORM registration.needs(coalesce(p_name ~ '^[[:alnum:]][[:alnum:]._@-]{1,59}$', false),
        'a reviewer has a name of 2 to 60 letters, digits, dots, hyphens');
    PERFORM registration.needs(coalesce(p_unit <> '', false) AND p_until >= p_from,
        'an appointment names a unit and a first and last day');
    PERFORM registration.forbids(p_by = p_name, 'nobody appoints themselves');
    a.unit_code := p_unit;
    a.detail := jsonb_strip_nulls(jsonb_build_object('name', p_name, 'from', p_from, 'until', p_until,
                                                     'pseudonym', p_pseudonym));
    a := registration.act(a);
    RETURN a.entry;
END
$$;
COMMENT ON FUNCTION registration.appoint_reviewer(text, text, text, date, date, text) IS 'Appoints a reviewer to a unit for a time, with the pseudonym under which the person registers, if known; the latest appointment to a unit holds; returns the ledger entry';

-- ---- months ----------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION registration.number_setting(p_name text, p_default numeric) RETURNS numeric
LANGUAGE sql STABLE SET search_path = registration, pg_temp
AS $$
    SELECT coalesce((SELECT s.value::numeric FROM reference.setting s WHERE s.name = p_name), p_default)
$$;
COMMENT ON FUNCTION registration.number_setting(text, numeric) IS 'A setting that is a number, or what holds without it';

CREATE OR REPLACE FUNCTION registration.month_bounds(
    p_month text, OUT starts timestamptz, OUT ends timestamptz, OUT closes timestamptz)
LANGUAGE plpgsql STABLE SET search_path = registration, pg_temp
AS $$
DECLARE
    zone  constant text := (SELECT s.value FROM reference.setting s WHERE s.name = 'time_zone');
    first date;
BEGIN
    PERFORM registration.needs(coalesce(p_month ~ '^\d{4}-(0[1-9]|1[0-2])$', false), 'a month is yyyy-mm');
    first := to_date(p_month, 'YYYY-MM');
    starts := first::timestamp AT TIME ZONE zone;
    ends := (first + interval '1 month') AT TIME ZONE zone;
    closes := (first + interval '1 month' + make_interval(
        days => registration.number_setting('close_day', 10)::integer - 1)) AT TIME ZONE zone;
END
$$;
COMMENT ON FUNCTION registration.month_bounds(text) IS 'First moment of a local month, the one after its last, and the one from which it may be closed';

-- Apart from the clock, so that every day of it can be tried. NULL: it may be closed.
CREATE OR REPLACE FUNCTION registration.close_refusal(p_month text, p_now timestamptz, p_why text)
RETURNS text
LANGUAGE sql STABLE SET search_path = registration, pg_temp
AS $$
    SELECT CASE WHEN p_now < b.ends THEN 'the month is not over'
                WHEN p_now < b.closes AND coalesce(p_why, '') = ''
                THEN 'the month closes from day ' || registration.number_setting('close_day', 10)
                     || ' of the next: before that a reason is needed' END
      FROM registration.month_bounds(p_month) b
$$;
COMMENT ON FUNCTION registration.close_refusal(text, timestamptz, text) IS 'Why a month cannot be closed at a moment, or NULL';

CREATE OR REPLACE FUNCTION ingest.close_month(
    p_month text, p_why text, p_by text, OUT entry bigint, OUT fresh boolean, OUT detail jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, registration, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    a       registration.review_act;
    b       record;
    refusal text;
BEGIN
    a.by_name := registration.who(p_by);
    SELECT * INTO b FROM registration.month_bounds(p_month);
    SELECT c.entry, false, c.detail INTO entry, fresh, detail
      FROM registration.review_act c WHERE c.kind = 'month-close' AND c.month = p_month;
    IF FOUND THEN
        RETURN;
    END IF;
    refusal := registration.close_refusal(p_month, clock_timestamp(), p_why);
    PERFORM registration.needs(refusal IS NULL, refusal);
    -- One statement sees one state: the counts are those up to this head, and what is entered after it
    -- is an amendment. So nobody waits while they are counted.
    SELECT jsonb_build_object(
               'confirmed', count(*) FILTER (WHERE l.state = 'CONFIRMED'),
               'corrected', count(*) FILTER (WHERE l.state = 'CORRECTED'),
               'in_review', count(*) FILTER (WHERE l.state = 'IN_REVIEW'),
               'nfi', count(*) FILTER (WHERE l.state = 'NFI'),
               'returned', count(*) FILTER (WHERE l.state = 'RETURNED'),
               'stops', count(*) FILTER (WHERE l.state <> 'WITHDRAWN'),
               'withdrawn', count(*) FILTER (WHERE l.state = 'WITHDRAWN'),
               'month', p_month, 'early', clock_timestamp() < b.closes,
               'head_entry', (SELECT h.entry FROM audit.ledger_head h),
               'head', (SELECT encode(h.entry_hash, 'hex') FROM audit.ledger_head h))
      INTO a.detail
      FROM registration.stop_life l WHERE l.started_at >= b.starts AND l.started_at < b.ends;
    a.kind := 'month-close';
    a.month := p_month;
    a.note := p_why;
    BEGIN
        a := registration.act(a, a.detail);
        entry := a.entry;
        fresh := true;
        detail := a.detail;
    EXCEPTION WHEN unique_violation THEN
        -- Somebody else closed it just now.
        SELECT c.entry, false, c.detail INTO STRICT entry, fresh, detail
          FROM registration.review_act c WHERE c.kind = 'month-close' AND c.month = p_month;
    END;
END
$$;
COMMENT ON FUNCTION ingest.close_month(text, text, text) IS 'Closes a local month from day 10 of the next, or earlier with a reason: counts and head go into the ledger, versions entered after that head are amendments; closed before: the same entry again';

-- ---- the draw --------------------------------------------------------------------------------------

-- The lot of a stop: a number from 0 to 1 that anybody computes from the seed and the stop's id.
CREATE OR REPLACE FUNCTION registration.lot(p_seed text, p_stop_id uuid) RETURNS double precision
LANGUAGE sql IMMUTABLE SET search_path = registration, pg_temp
AS $$
    SELECT ('x00000000' || encode(substr(sha256(convert_to(p_seed || ':' || p_stop_id, 'UTF8')), 1, 4),
                                  'hex'))::bit(64)::bigint / 4294967296.0::float8
$$;
COMMENT ON FUNCTION registration.lot(text, uuid) IS 'First 32 bits of SHA-256 over seed, colon and stop id, as a share of 2^32; below the share that is drawn: drawn';

CREATE OR REPLACE FUNCTION registration.drawn_list(p_act_id bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = registration, pg_temp
AS $$
    SELECT encode(sha256(convert_to(coalesce(string_agg(
               d.drawn_id || ' ' || d.stop_id || ' ' || d.ledger_from || ' ' || d.month || ' ' || d.unit_code
               || ' ' || array_to_string(d.reasons, ','), E'\n' ORDER BY d.stop_id), ''), 'UTF8')), 'hex')
      FROM registration.review_drawn d WHERE d.act_id = p_act_id
$$;
COMMENT ON FUNCTION registration.drawn_list(bigint) IS 'SHA-256 over the list of a draw';

-- The seed is fixed, and its hash ledgered, before the month is over: nobody can choose one that
-- spares a stop. It is shown when the month is over: nobody can choose a record number that escapes.
CREATE OR REPLACE FUNCTION registration.fix_seed(
    p_month text, p_seed text, p_why text, p_by text, p_ends timestamptz)
RETURNS text
LANGUAGE plpgsql SET search_path = registration, pg_temp
AS $$
DECLARE
    a    registration.review_act;
    held text := (SELECT s.detail ->> 'seed' FROM registration.review_act s
                   WHERE s.kind = 'review-seed' AND s.month = p_month);
    late constant boolean := clock_timestamp() >= p_ends;
BEGIN
    IF held IS NOT NULL THEN
        PERFORM registration.needs(p_seed IS NULL OR p_seed = held, 'the seed of this month is fixed already');
        RETURN held;
    END IF;
    PERFORM registration.needs(NOT late OR coalesce(p_why, '') <> '',
        'the month is over and its seed was not fixed before: a reason is needed');
    PERFORM registration.needs(p_seed IS NULL OR p_seed ~ '^[[:graph:]]{16,100}$',
        'a seed has 16 to 100 characters without spaces');
    held := coalesce(p_seed, encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'hex'));
    a.kind := 'review-seed';
    a.by_name := p_by;
    a.month := p_month;
    a.note := p_why;
    a.detail := jsonb_build_object('seed', held, 'late', late);
    PERFORM registration.act(a, jsonb_build_object('late', late, 'month', p_month,
        'seed_sha256', encode(sha256(convert_to(held, 'UTF8')), 'hex')));
    RETURN held;
END
$$;
COMMENT ON FUNCTION registration.fix_seed(text, text, text, text, timestamptz) IS 'The seed of a month, fixed at its first use; owner only';

DROP FUNCTION IF EXISTS registration.review_reasons(uuid, bigint, timestamptz);

CREATE OR REPLACE FUNCTION ingest.review_draw(
    p_month text, p_seed text, p_why text, p_by text,
    OUT drawn bigint, OUT mandatory bigint, OUT held bigint, OUT entry bigint, OUT seed text, OUT late boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, registration, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    mine  registration.review_act;
    b     record;
    share constant double precision := registration.number_setting('review_share', 0.05);
    fixed text;
    over  boolean;
BEGIN
    mine.by_name := registration.who(p_by);
    SELECT * INTO b FROM registration.month_bounds(p_month);
    fixed := registration.fix_seed(p_month, p_seed, p_why, p_by, b.ends);
    over := clock_timestamp() >= b.ends;
    SELECT (s.detail ->> 'late')::boolean INTO late
      FROM registration.review_act s WHERE s.kind = 'review-seed' AND s.month = p_month;
    mine.act_id := nextval(pg_get_serial_sequence('registration.review_act', 'act_id'));
    INSERT INTO registration.review_drawn (stop_id, ledger_from, month, unit_code, reasons, act_id)
    WITH marked AS (
        SELECT array_agg(o.code) AS codes FROM reference.code o
         WHERE o.list IN ('behaviour', 'fact', 'circumstance') AND 'sensitive' = ANY (o.flags)
    ), c AS MATERIALIZED (
        SELECT s.stop_id, s.ledger_from, coalesce(s.unit_code, '') AS unit_code
          FROM registration.stop s
         WHERE s.started_at >= b.starts AND s.started_at < b.ends AND s.tx_type NOT IN ('N', 'W')
           AND NOT EXISTS (SELECT FROM registration.superseded x
                            WHERE x.stop_id = s.stop_id AND x.ledger_from = s.ledger_from)
           AND NOT EXISTS (SELECT FROM registration.review_drawn d WHERE d.stop_id = s.stop_id)
    ), p AS (
        SELECT p.stop_id, bool_or('clothing_beyond_outer' = ANY (p.treatment_flags)) AS undressed,
               bool_or(p.searched AND p.age_band IN ('<12', '12-15')) AS minor,
               bool_or(p.counterfactual_yes IN ('no', 'unsure')) AS doubt,
               bool_or(p.explained = 'not_safety') AS unsafe,
               bool_or(p.behaviour && m.codes OR p.fact && m.codes OR p.circumstance && m.codes) AS sensitive
          FROM c JOIN registration.person p ON p.stop_id = c.stop_id AND p.ledger_from = c.ledger_from
           AND p.started_at >= b.starts AND p.started_at < b.ends
         CROSS JOIN marked m GROUP BY 1
    ), a AS (
        SELECT x.stop_id, bool_or(x.search_kind = 'body') AS body,
               bool_or(x.force <> '{}' AND x.force <> '{none}') AS forced
          FROM c JOIN registration.action x ON x.stop_id = c.stop_id AND x.ledger_from = c.ledger_from
           AND x.started_at >= b.starts AND x.started_at < b.ends
         GROUP BY 1
    ), reasoned AS (
        SELECT c.*, array_remove(ARRAY[
                   CASE WHEN a.body OR p.undressed THEN 'strip-search' END,
                   CASE WHEN p.minor THEN 'minor-searched' END,
                   CASE WHEN a.forced THEN 'force' END,
                   CASE WHEN p.doubt THEN 'counterfactual' END,
                   CASE WHEN p.sensitive THEN 'sensitive-code' END,
                   CASE WHEN p.unsafe THEN 'not-safety' END,
                   CASE WHEN registration.lot(fixed, c.stop_id) < share THEN 'random' END], NULL) AS reasons
          FROM c LEFT JOIN p ON p.stop_id = c.stop_id LEFT JOIN a ON a.stop_id = c.stop_id)
    SELECT r.stop_id, r.ledger_from, p_month, r.unit_code, r.reasons, mine.act_id
      FROM reasoned r WHERE cardinality(r.reasons) > 0 ORDER BY r.stop_id
    ON CONFLICT (stop_id) DO NOTHING;
    SELECT count(*), count(*) FILTER (WHERE d.reasons <> '{random}') INTO drawn, mandatory
      FROM registration.review_drawn d WHERE d.act_id = mine.act_id;
    SELECT count(*) INTO held FROM registration.review_drawn d WHERE d.month = p_month;
    seed := CASE WHEN over THEN fixed END;
    -- A draw that brings nothing is an act only where it shows the seed for the first time.
    IF drawn > 0 OR (over AND NOT EXISTS (
            SELECT FROM registration.review_act o WHERE o.kind = 'review-draw' AND o.month = p_month
               AND o.detail ? 'seed')) THEN
        mine.kind := 'review-draw';
        mine.month := p_month;
        mine.detail := jsonb_strip_nulls(jsonb_build_object('month', p_month, 'drawn', drawn, 'mandatory', mandatory,
            'share', share, 'list', registration.drawn_list(mine.act_id), 'seed', seed));
        mine := registration.act(mine, mine.detail);
        entry := mine.entry;
    END IF;
END
$$;
COMMENT ON FUNCTION ingest.review_draw(text, text, text, text) IS 'Draws what was stored of a local month since the last draw: all that must be reviewed and a share by lot; fixes the seed at the first call; returns counts, and the seed once the month is over';

-- ---- a supervisor's work ---------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION registration.forbid_unit(p_by text, p_unit text) RETURNS void
LANGUAGE sql STABLE SET search_path = registration, pg_temp
AS $$
    SELECT registration.forbids(NOT registration.reviews_unit(p_by, p_unit), 'this person does not review that unit')
$$;
COMMENT ON FUNCTION registration.forbid_unit(text, text) IS 'Refuses who is not appointed to review the unit today';

CREATE OR REPLACE FUNCTION registration.review_list(p_by text, p_unit text, p_all boolean)
RETURNS TABLE (drawn_id bigint, month text, reasons text[], review text, since timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM registration.forbid_unit(registration.who(p_by), p_unit);
    PERFORM audit.log_access('review_list', format('unit %s by %s', p_unit, p_by), '');
    RETURN QUERY
    SELECT l.drawn_id, l.month, l.reasons, l.review, l.review_since
      FROM registration.stop_life l
     WHERE l.drawn_id IN (SELECT d.drawn_id FROM registration.review_drawn d WHERE d.unit_code = p_unit)
       AND (p_all OR l.review IN ('in_review', 'corrected'))
     ORDER BY l.drawn_id;
END
$$;
COMMENT ON FUNCTION registration.review_list(text, text, boolean) IS 'Reviews of an own unit, without content: those to do, or all; the look is logged';

CREATE OR REPLACE FUNCTION registration.stop_content(p_stop_id uuid, p_ledger_from bigint) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = registration, pg_temp
AS $$
    SELECT jsonb_strip_nulls((SELECT to_jsonb(s) - ARRAY['salt', 'leaf_no', 'ledger_from', 'stop_id'] FROM registration.stop s
             WHERE s.stop_id = p_stop_id AND s.ledger_from = p_ledger_from)
        || jsonb_build_object('persons', (
           SELECT coalesce(jsonb_agg(to_jsonb(p) - ARRAY['leaf_no', 'ledger_from', 'stop_id', 'started_at']
                  || jsonb_build_object(
                     'selection_text', (SELECT t.selection_text FROM registration.free_text t
                        WHERE t.stop_id = p_stop_id AND t.ledger_from = p_ledger_from AND t.person_seq = p.person_seq),
                     'actions', (SELECT jsonb_agg(to_jsonb(c) - ARRAY['leaf_no', 'ledger_from', 'stop_id', 'started_at', 'person_seq'] ORDER BY c.ord)
                        FROM registration.action c
                        WHERE c.stop_id = p_stop_id AND c.ledger_from = p_ledger_from AND c.person_seq = p.person_seq),
                     'finds', (SELECT jsonb_agg(to_jsonb(c) - ARRAY['leaf_no', 'ledger_from', 'stop_id', 'started_at', 'person_seq'] ORDER BY c.ord)
                        FROM registration.find c
                        WHERE c.stop_id = p_stop_id AND c.ledger_from = p_ledger_from AND c.person_seq = p.person_seq),
                     'results', (SELECT jsonb_agg(to_jsonb(c) - ARRAY['leaf_no', 'ledger_from', 'stop_id', 'started_at', 'person_seq'] ORDER BY c.ord)
                        FROM registration.result c
                        WHERE c.stop_id = p_stop_id AND c.ledger_from = p_ledger_from AND c.person_seq = p.person_seq))
                  ORDER BY p.person_seq), '[]')
             FROM registration.person p WHERE p.stop_id = p_stop_id AND p.ledger_from = p_ledger_from)))
$$;
COMMENT ON FUNCTION registration.stop_content(uuid, bigint) IS 'A stored version as one object, without perceived group, traits and officer; owner only';

-- Locks the stop's key: no version comes in between, and two reviewers come one after the other.
CREATE OR REPLACE FUNCTION registration.review_target(p_drawn_id bigint, p_by text) RETURNS registration.review_act
LANGUAGE plpgsql SET search_path = registration, pg_temp
AS $$
DECLARE
    a registration.review_act;
BEGIN
    a.by_name := registration.who(p_by);
    SELECT d.stop_id, d.unit_code, d.month INTO a.stop_id, a.unit_code, a.month
      FROM registration.review_drawn d WHERE d.drawn_id = p_drawn_id;
    -- Also where there is no such review: nobody learns which numbers another unit has.
    PERFORM registration.forbid_unit(a.by_name, coalesce(a.unit_code, ''));
    SELECT k.ledger_from INTO a.ledger_from FROM registration.source_key k WHERE k.stop_id = a.stop_id FOR UPDATE;
    RETURN a;
END
$$;
COMMENT ON FUNCTION registration.review_target(bigint, text) IS 'The review of that number as the beginning of an act, its stop locked; fails when it is not of a unit of the reviewer; owner only';

CREATE OR REPLACE FUNCTION registration.review_show(p_drawn_id bigint, p_by text, p_why text)
RETURNS TABLE (drawn_id bigint, month text, unit_code text, reasons text[], review text, state text, content jsonb,
               returned_for text[], returned_note text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    a registration.review_act := registration.review_target(p_drawn_id, p_by);
BEGIN
    PERFORM audit.log_access('review_show', format('review %s by %s', p_drawn_id, p_by), p_why);
    RETURN QUERY
    SELECT l.drawn_id, l.month, l.unit_code, l.reasons, l.review, l.state,
           registration.stop_content(l.stop_id, l.ledger_from), r.codes, r.note
      FROM registration.stop_life l
      LEFT JOIN LATERAL (SELECT t.codes, t.note FROM registration.review_act t
                          WHERE t.stop_id = l.stop_id AND t.kind = 'review-return'
                          ORDER BY t.act_id DESC LIMIT 1) r ON true
     WHERE l.stop_id = a.stop_id;
END
$$;
COMMENT ON FUNCTION registration.review_show(bigint, text, text) IS 'One registration that was drawn from an own unit, with what it was last returned for; the look is logged';

CREATE OR REPLACE FUNCTION registration.review_settle(a registration.review_act) RETURNS bigint
LANGUAGE plpgsql SET search_path = registration, pg_temp
AS $$
DECLARE
    l record;
BEGIN
    PERFORM registration.forbids(registration.own_record(a.by_name, a.stop_id), 'nobody reviews a registration of their own');
    SELECT x.review, x.state INTO l FROM registration.stop_life x WHERE x.stop_id = a.stop_id;
    PERFORM registration.needs(l.review IN ('in_review', 'corrected'),
        format('this registration is not to be reviewed now: it is %s', coalesce(l.review, 'unknown')));
    a := registration.act(a);
    RETURN a.entry;
END
$$;
COMMENT ON FUNCTION registration.review_settle(registration.review_act) IS 'Stores what a reviewer found, when it is to be reviewed and not their own; owner only';

CREATE OR REPLACE FUNCTION registration.review_confirm(p_drawn_id bigint, p_by text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
DECLARE
    a registration.review_act := registration.review_target(p_drawn_id, p_by);
BEGIN
    a.kind := 'review-confirm';
    RETURN registration.review_settle(a);
END
$$;
COMMENT ON FUNCTION registration.review_confirm(bigint, text) IS 'Confirms the current version of a registration under review; returns the ledger entry';

CREATE OR REPLACE FUNCTION registration.known_codes(p_list text, p_codes text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = registration, pg_temp
AS $$
    SELECT coalesce(bool_and(EXISTS (SELECT FROM reference.code c
                                      WHERE c.list = p_list AND c.code = u.code AND c.valid_from <= current_date
                                        AND (c.valid_to IS NULL OR c.valid_to >= current_date))), false)
      FROM unnest(p_codes) AS u (code)
$$;
COMMENT ON FUNCTION registration.known_codes(text, text[]) IS 'Whether there is at least one code and all are in the list today';

CREATE OR REPLACE FUNCTION registration.review_return(p_drawn_id bigint, p_by text, p_codes text[], p_text text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
DECLARE
    a registration.review_act := registration.review_target(p_drawn_id, p_by);
BEGIN
    PERFORM registration.needs(registration.known_codes('deficiency', p_codes),
                               'a return names codes of the list deficiency');
    PERFORM registration.needs(coalesce(char_length(p_text) <= 250, true), 'the text has at most 250 characters');
    a.kind := 'review-return';
    a.codes := p_codes;
    a.note := p_text;
    RETURN registration.review_settle(a);
END
$$;
COMMENT ON FUNCTION registration.review_return(bigint, text, text[], text) IS 'Returns the current version of a registration under review for deficiencies; returns the ledger entry';

-- ---- what needs a second person ---------------------------------------------------------------------

-- By its key: these need not have been drawn, and nothing of them is shown.
CREATE OR REPLACE FUNCTION registration.unit_target(p_stop_id uuid, p_by text) RETURNS registration.review_act
LANGUAGE plpgsql SET search_path = registration, pg_temp
AS $$
DECLARE
    a registration.review_act;
    t text;
BEGIN
    a.by_name := registration.who(p_by);
    a.stop_id := p_stop_id;
    SELECT k.ledger_from, k.tx_type INTO a.ledger_from, t
      FROM registration.source_key k WHERE k.stop_id = p_stop_id FOR UPDATE;
    SELECT coalesce(s.unit_code, '') INTO a.unit_code FROM registration.stop s
     WHERE s.stop_id = p_stop_id AND s.ledger_from <= a.ledger_from AND s.unit_code IS NOT NULL
     ORDER BY s.ledger_from DESC LIMIT 1;
    PERFORM registration.forbid_unit(a.by_name, coalesce(a.unit_code, ''));
    PERFORM registration.needs(t NOT IN ('N', 'W'), 'this registration is closed or withdrawn');
    RETURN a;
END
$$;
COMMENT ON FUNCTION registration.unit_target(uuid, text) IS 'A stop as the beginning of an act, locked; fails when it is not of a unit of the reviewer, or closed; owner only';

CREATE OR REPLACE FUNCTION registration.agree_withdrawal(p_stop_id uuid, p_by text, p_why text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
DECLARE
    a registration.review_act := registration.unit_target(p_stop_id, p_by);
BEGIN
    PERFORM registration.needs(coalesce(char_length(p_why) BETWEEN 5 AND 250, false),
                               'a reason of 5 to 250 characters is needed');
    PERFORM registration.forbids(registration.own_record(p_by, p_stop_id),
                                 'nobody agrees to the withdrawal of a registration of their own');
    a.kind := 'withdrawal-agreed';
    a.note := p_why;
    a := registration.act(a);
    RETURN a.entry;
END
$$;
COMMENT ON FUNCTION registration.agree_withdrawal(uuid, text, text) IS 'The second person agrees that the current version of a registration may be withdrawn: then its source may send the withdrawal; returns the ledger entry';

CREATE OR REPLACE FUNCTION registration.unlock_group(
    p_stop_id uuid, p_by text, p_why text, OUT entry bigint, OUT agreed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
DECLARE
    a     registration.review_act := registration.unit_target(p_stop_id, p_by);
    first text;
BEGIN
    PERFORM registration.needs(coalesce(char_length(p_why) BETWEEN 5 AND 250, false),
                               'a reason of 5 to 250 characters is needed');
    PERFORM registration.needs((SELECT k.group_mac IS NOT NULL FROM registration.source_key k
                                 WHERE k.stop_id = p_stop_id), 'this registration has no group that is locked');
    PERFORM registration.needs(NOT EXISTS (SELECT FROM registration.review_act u WHERE u.kind = 'unlock-agreed'
                                 AND u.stop_id = p_stop_id AND u.ledger_from = a.ledger_from),
                               'the group is unlocked for the next version already');
    SELECT u.by_name INTO first FROM registration.review_act u
     WHERE u.kind = 'unlock-asked' AND u.stop_id = p_stop_id AND u.ledger_from = a.ledger_from
     ORDER BY u.act_id LIMIT 1;
    agreed := first IS NOT NULL;
    PERFORM registration.forbids(agreed AND first = p_by, 'a second person is needed: who asked cannot agree');
    PERFORM registration.forbids(agreed AND registration.own_record(p_by, p_stop_id),
                                 'nobody unlocks the group in a registration of their own');
    a.kind := CASE WHEN agreed THEN 'unlock-agreed' ELSE 'unlock-asked' END;
    a.note := p_why;
    a := registration.act(a);
    entry := a.entry;
END
$$;
COMMENT ON FUNCTION registration.unlock_group(uuid, text, text) IS 'A typing error in the perceived group: the first person asks, a second one agrees; then the next version may carry another group, and the old one stays stored';

-- What was agreed holds for the version that it was agreed on, and for nothing after it.
CREATE OR REPLACE FUNCTION ingest.agreed(p_kind text, p_stop_id uuid, p_ledger_from bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = ingest, registration, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM registration.review_act a
                    WHERE a.kind = p_kind AND a.stop_id = p_stop_id AND a.ledger_from = p_ledger_from)
$$;
COMMENT ON FUNCTION ingest.agreed(text, uuid, bigint) IS 'Whether a second person agreed to something for this very version; owner only';

-- ---- contests --------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION ingest.open_contest(
    p_stop_id uuid, p_person_seq integer, p_fields text[], p_text text, p_by text,
    OUT contest bigint, OUT due timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ingest, registration, pg_temp
AS $$
DECLARE
    a registration.review_act;
BEGIN
    a.by_name := registration.who(p_by);
    SELECT p.ledger_from, coalesce(p.unit_code, '') INTO a.ledger_from, a.unit_code
      FROM registration.source_key k
      JOIN registration.person p ON p.stop_id = k.stop_id AND p.ledger_from = k.ledger_from
       AND p.started_at = k.started_at AND p.person_seq = p_person_seq
     WHERE k.stop_id = p_stop_id;
    PERFORM registration.needs(a.ledger_from IS NOT NULL, 'there is no such person in a registration of that key');
    PERFORM registration.needs(coalesce(cardinality(p_fields), 0) + coalesce(char_length(p_text), 0) > 0,
                               'a contest says which field, or in words, what does not match');
    PERFORM registration.needs(coalesce((SELECT bool_and(f ~ '^[a-z_]{2,40}$') FROM unnest(p_fields) f), true),
                               'a field has its name in small letters');
    a.kind := 'contest-opened';
    a.stop_id := p_stop_id;
    a.person_seq := p_person_seq;
    a.codes := p_fields;
    a.note := p_text;
    a := registration.act(a);
    contest := a.act_id;
    due := a.at + make_interval(days => registration.number_setting('contest_days', 28)::integer);
END
$$;
COMMENT ON FUNCTION ingest.open_contest(uuid, integer, text[], text, text) IS 'A person says that their registration does not match; returns the number of the contest and until when the police answer';

CREATE OR REPLACE FUNCTION registration.contest_list(p_by text, p_unit text)
RETURNS TABLE (contest bigint, opened_at timestamptz, due timestamptz, fields text[], text text, overdue boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM registration.forbid_unit(registration.who(p_by), p_unit);
    PERFORM audit.log_access('contest_list', format('unit %s by %s', p_unit, p_by), '');
    RETURN QUERY
    SELECT c.contest, c.opened_at, c.due, c.fields, a.note, c.overdue
      FROM registration.contest_life c JOIN registration.review_act a ON a.act_id = c.contest
     WHERE c.unit_code = p_unit AND c.answered_at IS NULL ORDER BY c.contest;
END
$$;
COMMENT ON FUNCTION registration.contest_list(text, text) IS 'Contests of an own unit that wait for an answer; the look is logged';

CREATE OR REPLACE FUNCTION registration.answer_contest(p_contest bigint, p_by text, p_outcome text, p_text text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
DECLARE
    a registration.review_act;
BEGIN
    SELECT * INTO a FROM registration.review_act o WHERE o.act_id = p_contest AND o.kind = 'contest-opened' FOR UPDATE;
    a.by_name := registration.who(p_by);
    PERFORM registration.forbid_unit(a.by_name, coalesce(a.unit_code, ''));
    PERFORM registration.forbids(registration.own_record(p_by, a.stop_id), 'nobody answers a contest of a registration of their own');
    PERFORM registration.needs(NOT EXISTS (SELECT FROM registration.review_act x WHERE x.kind = 'contest-answered'
                                 AND x.detail ->> 'contest' = p_contest::text), 'this contest was answered');
    PERFORM registration.needs(registration.known_codes('contest_outcome', ARRAY[p_outcome]),
                               'the outcome is a code of the list contest_outcome');
    PERFORM registration.needs(coalesce(char_length(p_text) BETWEEN 5 AND 1000, false),
                               'an answer of 5 to 1,000 characters is needed');
    a.act_id := NULL;
    a.kind := 'contest-answered';
    a.codes := ARRAY[p_outcome];
    a.note := p_text;
    a.detail := jsonb_build_object('contest', p_contest::text);
    a := registration.act(a);
    RETURN a.entry;
END
$$;
COMMENT ON FUNCTION registration.answer_contest(bigint, text, text, text) IS 'The police answer a contest of an own unit, once; returns the ledger entry';

CREATE OR REPLACE FUNCTION registration.overdue_list(p_by text, p_unit text)
RETURNS TABLE (kind text, reference text, since timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM registration.forbid_unit(registration.who(p_by), p_unit);
    PERFORM audit.log_access('overdue_list', format('unit %s by %s', p_unit, p_by), '');
    RETURN QUERY
    SELECT o.kind, o.reference, o.since FROM registration.overdue o WHERE o.unit_code = p_unit ORDER BY o.since, o.reference;
END
$$;
COMMENT ON FUNCTION registration.overdue_list(text, text) IS 'What is too late in an own unit: reflections planned for more than 7 days (by source and record number), contests past their day; the look is logged';

-- ---- for the auditor -------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION audit.stop_versions(p_stop_id uuid, p_why text)
RETURNS TABLE (batch_id bigint, entry bigint, stored_at timestamptz, content jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, registration, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM audit.log_access('stop_versions', p_stop_id::text, p_why);
    RETURN QUERY
    SELECT s.ledger_from, l.entry, l.recorded_at, registration.stop_content(s.stop_id, s.ledger_from)
      FROM registration.stop s JOIN audit.ledger l ON l.batch_id = s.ledger_from
     WHERE s.stop_id = p_stop_id ORDER BY s.ledger_from;
END
$$;
COMMENT ON FUNCTION audit.stop_versions(uuid, text) IS 'All stored versions of a stop, the old values beside the new; the look is logged with its reason';

CREATE OR REPLACE FUNCTION audit.acts(p_from timestamptz, p_until timestamptz, p_why text)
RETURNS TABLE (act_id bigint, kind text, at timestamptz, by_name text, role text, stop_id uuid, ledger_from bigint,
               person_seq smallint, month text, unit_code text, codes text[], note text, entry bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, registration, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM audit.log_access('acts', p_from || ' to ' || p_until, p_why);
    RETURN QUERY
    SELECT a.act_id, a.kind, a.at, a.by_name, a.role, a.stop_id, a.ledger_from, a.person_seq, a.month, a.unit_code,
           a.codes, a.note, a.entry
      FROM registration.review_act a WHERE a.at >= p_from AND a.at < p_until ORDER BY a.act_id;
END
$$;
COMMENT ON FUNCTION audit.acts(timestamptz, timestamptz, text) IS 'Acts of a period with who and in what words, the citizen''s and the police''s beside each other; the look is logged with its reason';

-- ---- guards ----------------------------------------------------------------------------------------

-- As the nine tables: no change in place; what is deleted shows against the ledger.
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['registration.review_act', 'registration.review_drawn'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s '
                       'FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', t);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_truncate', t);
        EXECUTE format('COMMENT ON TRIGGER refuse_truncate ON %s IS %L', t, 'Not emptied by TRUNCATE');
        EXECUTE format('CREATE OR REPLACE TRIGGER refuse_update BEFORE UPDATE ON %s '
                       'FOR EACH ROW EXECUTE FUNCTION audit.refuse_change()', t);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_update', t);
        EXECUTE format('COMMENT ON TRIGGER refuse_update ON %s IS %L', t, 'No act changes');
    END LOOP;
END
$$;
