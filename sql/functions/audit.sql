-- SPDX-License-Identifier: EUPL-1.2
-- The ledger and the log of looks. Every function that runs with its owner's rights names its
-- schemas, with pg_temp last: a temporary table must not be able to stand in for a real one.

CREATE OR REPLACE FUNCTION audit.append_entry(
    p_kind text, p_batch_id bigint, p_subject text, p_leaf_count bigint, p_root bytea)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_temp
AS $$
DECLARE
    head  audit.ledger_head;
    mine  audit.ledger;
BEGIN
    -- The head's row is the lock: whoever holds it has the next number until COMMIT.
    SELECT * INTO STRICT head FROM audit.ledger_head FOR UPDATE;
    mine.entry := head.entry + 1;
    mine.recorded_at := clock_timestamp();
    mine.kind := p_kind;
    mine.batch_id := p_batch_id;
    mine.subject := p_subject;
    mine.leaf_count := coalesce(p_leaf_count, 0);
    mine.root := p_root;
    mine.previous := head.entry_hash;
    mine.entry_hash := audit.entry_hash(mine);
    INSERT INTO audit.ledger VALUES (mine.*);
    UPDATE audit.ledger_head SET entry = mine.entry, entry_hash = mine.entry_hash;
    RETURN mine.entry;
END
$$;
COMMENT ON FUNCTION audit.append_entry(text, bigint, text, bigint, bytea) IS 'Appends one entry to the ledger and returns its number; the only writer of audit.ledger';

CREATE OR REPLACE FUNCTION audit.entry_hash(e audit.ledger)
RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = audit, pg_temp
AS $$
    SELECT sha256('\x0201'::bytea || e.previous || int8send(e.entry) || timestamptz_send(e.recorded_at)
                  || int4send(octet_length(e.kind)) || convert_to(e.kind, 'UTF8')
                  || int4send(octet_length(e.subject)) || convert_to(e.subject, 'UTF8')
                  || int8send(coalesce(e.batch_id, 0)) || int8send(e.leaf_count)
                  || coalesce(e.root, decode(repeat('00', 32), 'hex')))
$$;
COMMENT ON FUNCTION audit.entry_hash(audit.ledger) IS 'The hash that an entry must carry, from its other columns in binary form';

CREATE OR REPLACE FUNCTION audit.log_access(p_action text, p_subject text, p_why text)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = audit, pg_temp
AS $$
    INSERT INTO audit.access_log (role, action, subject, why)
    VALUES (session_user, p_action, p_subject, coalesce(p_why, ''))
$$;
COMMENT ON FUNCTION audit.log_access(text, text, text) IS 'Writes a look at personal data to the access log; called by the functions that show them';

CREATE OR REPLACE FUNCTION audit.refuse_change()
RETURNS trigger
LANGUAGE plpgsql SET search_path = audit, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is not allowed', lower(TG_OP), TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
COMMENT ON FUNCTION audit.refuse_change() IS 'Guard: what is stored is not changed in place';

-- The bytes that every leaf covers, for verify-ledger and for an auditor with psql. Tag 0 is the
-- ledger's entry of a batch (content: the root, expected: its leaves); 1 to 9 are the nine tables
-- (content: record_send, which has a column count and type oids that the leaf leaves out); 10 is a
-- leaf that was erased (content: its hash, expected: the entry that erased it). The batches and
-- leaves asked for are a stretch, both ends included; everything unless they are given. Rows come as
-- they lie: their order in the leaf is that of the first five columns.
DROP FUNCTION IF EXISTS audit.leaf_rows(text);
CREATE OR REPLACE FUNCTION audit.leaf_rows(
    p_why text,
    p_batch_from bigint DEFAULT -9223372036854775808, p_batch_until bigint DEFAULT 9223372036854775807,
    p_leaf_from integer DEFAULT -2147483648, p_leaf_until integer DEFAULT 2147483647)
RETURNS TABLE (ledger_from bigint, leaf_no integer, tag smallint, person_seq smallint, ord smallint,
               salt bytea, content bytea, expected bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, registration, sensitive, pg_temp
SET work_mem = '64MB'
AS $$
#variable_conflict use_column
BEGIN
    -- record_send() writes text in the client's encoding; a leaf covers UTF-8.
    IF current_setting('client_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'the bytes of leaves need client_encoding UTF8'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    PERFORM audit.log_access('leaf_rows', format('registrations of batches %s to %s, leaves %s to %s',
                             p_batch_from, p_batch_until, p_leaf_from, p_leaf_until), p_why);
    RETURN QUERY
    SELECT l.batch_id, -1, 0::smallint, 0::smallint, 0::smallint, NULL::bytea, l.root, l.leaf_count
      FROM audit.ledger l
     WHERE l.batch_id BETWEEN p_batch_from AND p_batch_until
       AND -1 BETWEEN p_leaf_from AND p_leaf_until
    UNION ALL
    SELECT ledger_from, leaf_no, 1::smallint, 0::smallint, 0::smallint, salt,
           record_send(ROW(stop_id, source_system, source_record_no, source_version, tx_type,
               schema_version, codeset_version, registered_at, late_reason, withdrawal_reason,
               started_at, time_precision, duration_min, observed_before_min, initiated_by,
               operation_ref, selection_method, stop_mode, vehicle_involved, occupants,
               persons_present, persons_registered, persons_reason, buurt_code, place_type,
               geo_cell, legal_basis, traffic_docs_checked, area_designation_ref, public_view,
               unit_code, assignment, officer_exp_band, in_uniform, officer_identified,
               received_at, state, area_set, wijk_code, stadsdeel, basisteam, discretion,
               light_class)), NULL::bigint
      FROM registration.stop
     WHERE ledger_from BETWEEN p_batch_from AND p_batch_until
       AND leaf_no BETWEEN p_leaf_from AND p_leaf_until
    UNION ALL
    SELECT ledger_from, leaf_no, 2::smallint, person_seq, 0::smallint, NULL,
           record_send(ROW(stop_id, started_at, person_seq, role, age_band, perceived_gender,
               prior_stops_12m_band, behaviour, fact, circumstance, information_source,
               information_age, explained, reason_told, receipt_given, receipt_reason,
               treatment_flags, bodycam, bodycam_off_reason, bodycam_hold, regret_expressed,
               reflection, reflection_result, counterfactual_yes, area_code, wijk_code,
               unit_code, discretion, legal_basis, stop_mode, light_class, reason, text_quality,
               selection_sound, only_weak, reason_match, searched, hit_strict, hit_broad,
               sanctioned, treated_plainly, reflected_in_time)), NULL
      FROM registration.person
     WHERE ledger_from BETWEEN p_batch_from AND p_batch_until
       AND leaf_no BETWEEN p_leaf_from AND p_leaf_until
    UNION ALL
    SELECT ledger_from, leaf_no, 3::smallint, person_seq, ord, NULL,
           record_send(ROW(stop_id, started_at, person_seq, ord, id_checked, search_kind,
               search_basis, search_object, force)), NULL
      FROM registration.action
     WHERE ledger_from BETWEEN p_batch_from AND p_batch_until
       AND leaf_no BETWEEN p_leaf_from AND p_leaf_until
    UNION ALL
    SELECT ledger_from, leaf_no, 4::smallint, person_seq, ord, NULL,
           record_send(ROW(stop_id, started_at, person_seq, ord, found_class, illegal_in_itself,
               linked_to_reason)), NULL
      FROM registration.find
     WHERE ledger_from BETWEEN p_batch_from AND p_batch_until
       AND leaf_no BETWEEN p_leaf_from AND p_leaf_until
    UNION ALL
    SELECT ledger_from, leaf_no, 5::smallint, person_seq, ord, NULL,
           record_send(ROW(stop_id, started_at, person_seq, ord, result, offence_code,
               later_outcome, later_outcome_at)), NULL
      FROM registration.result
     WHERE ledger_from BETWEEN p_batch_from AND p_batch_until
       AND leaf_no BETWEEN p_leaf_from AND p_leaf_until
    UNION ALL
    SELECT ledger_from, leaf_no, 6::smallint, person_seq, 0::smallint, salt,
           record_send(ROW(stop_id, started_at, person_seq, selection_text)), NULL
      FROM registration.free_text
     WHERE ledger_from BETWEEN p_batch_from AND p_batch_until
       AND leaf_no BETWEEN p_leaf_from AND p_leaf_until
    UNION ALL
    SELECT ledger_from, leaf_no, 7::smallint, person_seq, 0::smallint, salt,
           record_send(ROW(stop_id, started_at, person_seq, perspective, codes,
               perceived_before_decision, group_class, locked_at)), NULL
      FROM sensitive.person_group
     WHERE ledger_from BETWEEN p_batch_from AND p_batch_until
       AND leaf_no BETWEEN p_leaf_from AND p_leaf_until
    UNION ALL
    SELECT ledger_from, leaf_no, 8::smallint, person_seq, 0::smallint, salt,
           record_send(ROW(stop_id, started_at, person_seq, language_barrier,
               visible_disability, vulnerable_signs, visible_religious_sign)), NULL
      FROM sensitive.person_trait
     WHERE ledger_from BETWEEN p_batch_from AND p_batch_until
       AND leaf_no BETWEEN p_leaf_from AND p_leaf_until
    UNION ALL
    SELECT ledger_from, leaf_no, 9::smallint, 0::smallint, 0::smallint, salt,
           record_send(ROW(stop_id, started_at, officer_pseudonym)), NULL
      FROM sensitive.officer
     WHERE ledger_from BETWEEN p_batch_from AND p_batch_until
       AND leaf_no BETWEEN p_leaf_from AND p_leaf_until
    UNION ALL
    SELECT batch_id, leaf_no, 10::smallint, 0::smallint, 0::smallint, NULL, leaf_hash, entry
      FROM audit.erased_leaf
     WHERE batch_id BETWEEN p_batch_from AND p_batch_until
       AND leaf_no BETWEEN p_leaf_from AND p_leaf_until;
END
$$;
COMMENT ON FUNCTION audit.leaf_rows(text, bigint, bigint, integer, integer) IS 'Stored rows of a stretch of the ledger with the bytes that their leaves cover, in no order; the look is logged';

-- Block range indexes know new pages only after a VACUUM, or after this.
CREATE OR REPLACE FUNCTION audit.index_new_rows()
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_temp
AS $$
BEGIN
    PERFORM brin_summarize_new_values(c.oid)
       FROM pg_class c JOIN pg_am m ON m.oid = c.relam
      WHERE m.amname = 'brin' AND c.relkind = 'i'
        AND c.relnamespace IN ('registration'::regnamespace, 'sensitive'::regnamespace);
END
$$;
COMMENT ON FUNCTION audit.index_new_rows() IS 'Brings the indexes in leaf order up to date; changes no row';

CREATE OR REPLACE FUNCTION audit.stops(p_from timestamptz, p_until timestamptz, p_why text)
RETURNS SETOF registration.stop
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, registration, pg_temp
AS $$
BEGIN
    PERFORM audit.log_access('stops', p_from || ' to ' || p_until, p_why);
    RETURN QUERY SELECT * FROM registration.stop s
                  WHERE s.started_at >= p_from AND s.started_at < p_until
                  ORDER BY s.started_at, s.stop_id, s.ledger_from;
END
$$;
COMMENT ON FUNCTION audit.stops(timestamptz, timestamptz, text) IS 'Stops as stored, all versions, of a period; the look is logged with its reason';

CREATE OR REPLACE FUNCTION audit.persons(p_from timestamptz, p_until timestamptz, p_why text)
RETURNS SETOF registration.person
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, registration, pg_temp
AS $$
BEGIN
    PERFORM audit.log_access('persons', p_from || ' to ' || p_until, p_why);
    RETURN QUERY SELECT * FROM registration.person p
                  WHERE p.started_at >= p_from AND p.started_at < p_until
                  ORDER BY p.started_at, p.stop_id, p.person_seq, p.ledger_from;
END
$$;
COMMENT ON FUNCTION audit.persons(timestamptz, timestamptz, text) IS 'Persons as stored, all versions, of a period; the look is logged with its reason';

CREATE OR REPLACE FUNCTION audit.groups(p_from timestamptz, p_until timestamptz, p_why text)
RETURNS SETOF sensitive.person_group
LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, sensitive, pg_temp
AS $$
BEGIN
    PERFORM audit.log_access('groups', p_from || ' to ' || p_until, p_why);
    RETURN QUERY SELECT * FROM sensitive.person_group g
                  WHERE g.started_at >= p_from AND g.started_at < p_until
                  ORDER BY g.started_at, g.stop_id, g.person_seq, g.perspective, g.ledger_from;
END
$$;
COMMENT ON FUNCTION audit.groups(timestamptz, timestamptz, text) IS 'Perceived groups as stored, all versions, of a period; the look is logged with its reason';

-- Guards fire for owners and superusers too, and also under session_replication_role = replica.
CREATE OR REPLACE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON audit.ledger FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE audit.ledger ENABLE ALWAYS TRIGGER ledger_is_append_only;
COMMENT ON TRIGGER ledger_is_append_only ON audit.ledger IS 'Entries are only added';
CREATE OR REPLACE TRIGGER head_is_kept BEFORE INSERT OR DELETE OR TRUNCATE
    ON audit.ledger_head FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE audit.ledger_head ENABLE ALWAYS TRIGGER head_is_kept;
COMMENT ON TRIGGER head_is_kept ON audit.ledger_head IS 'The one row stays';
CREATE OR REPLACE TRIGGER access_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON audit.access_log FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE audit.access_log ENABLE ALWAYS TRIGGER access_log_is_append_only;
COMMENT ON TRIGGER access_log_is_append_only ON audit.access_log IS 'Looks are only added';
