-- SPDX-License-Identifier: EUPL-1.2

CREATE OR REPLACE FUNCTION analysis.store_run(
    p_run_id text, p_month text, p_code_version text, p_seed bigint, p_parameters jsonb,
    p_inputs_sha256 bytea, p_document bytea, p_cells bytea, p_figures jsonb)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = analysis, pg_temp
AS $$
DECLARE
    held  analysis.run;
    mine  bigint;
BEGIN
    SELECT * INTO held FROM analysis.run r WHERE r.run_id = p_run_id;
    IF FOUND THEN
        IF held.document_sha256 = sha256(p_document) AND held.cells_sha256 = sha256(p_cells) THEN
            RETURN held.ledger_entry;
        END IF;
        RAISE EXCEPTION 'run % is stored with another document', p_run_id
            USING ERRCODE = 'unique_violation';
    END IF;
    mine := audit.append_entry('analysis', NULL,
        format('{"cells_sha256":"%s","code_version":%s,"document_sha256":"%s","inputs_sha256":"%s",'
               '"month":%s,"run_id":%s,"seed":%s}',
               encode(sha256(p_cells), 'hex'), to_json(p_code_version),
               encode(sha256(p_document), 'hex'), encode(p_inputs_sha256, 'hex'),
               to_json(p_month), to_json(p_run_id), p_seed), 0, NULL);
    INSERT INTO analysis.run (run_id, month, code_version, seed, parameters, inputs_sha256,
                              ledger_entry, document, document_sha256, cells, cells_sha256)
    VALUES (p_run_id, p_month, p_code_version, p_seed, p_parameters, p_inputs_sha256, mine,
            p_document, sha256(p_document), p_cells, sha256(p_cells));
    INSERT INTO analysis.figure (run_id, ord, measure, method, month, period, place, group_code,
        reference, term, benchmark, value, lower, upper, level, se, statistic, df, p, q, n, events,
        flagged, detectable, guard, note, base, level_of_place, perspective, exposure)
    SELECT p_run_id, f.n, x.measure, x.method, x.month, x.period, x.place, x.group_code, x.reference,
           x.term, x.benchmark, x.value, x.lower, x.upper, x.level, x.se, x.statistic, x.df, x.p, x.q,
           x.n, x.events, x.flagged, x.detectable, x.guard, x.note, x.base,
           x.level_of_place, x.perspective, x.exposure
      FROM jsonb_array_elements(coalesce(p_figures, '[]')) WITH ORDINALITY AS f (figure, n),
           jsonb_populate_record(NULL::analysis.figure, f.figure) AS x;
    RETURN mine;
END
$$;
COMMENT ON FUNCTION analysis.store_run(text, text, text, bigint, jsonb, bytea, bytea, bytea, jsonb) IS 'Stores a run with its figures (an array of objects named as the columns of analysis.figure) and enters it into the ledger; the same run again is the same entry';
