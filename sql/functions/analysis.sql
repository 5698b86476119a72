-- SPDX-License-Identifier: EUPL-1.2

CREATE OR REPLACE FUNCTION analysis.store_run(
    p_run_id text, p_month text, p_code_version text, p_seed bigint, p_parameters jsonb,
    p_inputs_sha256 bytea, p_document bytea, p_cells bytea)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = analysis, pg_temp
AS $$
DECLARE
    document_hash constant bytea := sha256(p_document);
    cells_hash    constant bytea := sha256(p_cells);
    held          record;
    mine          bigint;
BEGIN
    SELECT r.ledger_entry, r.document_sha256, r.cells_sha256 INTO held FROM analysis.run r WHERE r.run_id = p_run_id;
    IF FOUND THEN
        IF held.document_sha256 = document_hash AND held.cells_sha256 = cells_hash THEN
            RETURN held.ledger_entry;
        END IF;
        RAISE EXCEPTION 'run % is stored with another document', p_run_id
            USING ERRCODE = 'unique_violation';
    END IF;
    mine := audit.append_entry('analysis', NULL,
        format('{"cells_sha256":"%s","code_version":%s,"document_sha256":"%s","inputs_sha256":"%s",'
               '"month":%s,"run_id":%s,"seed":%s}',
               encode(cells_hash, 'hex'), to_json(p_code_version),
               encode(document_hash, 'hex'), encode(p_inputs_sha256, 'hex'),
               to_json(p_month), to_json(p_run_id), p_seed), 0, NULL);
    INSERT INTO analysis.run (run_id, month, code_version, seed, parameters, inputs_sha256,
                              ledger_entry, document, document_sha256, cells, cells_sha256)
    VALUES (p_run_id, p_month, p_code_version, p_seed, p_parameters, p_inputs_sha256, mine,
            p_document, document_hash, p_cells, cells_hash);
    RETURN mine;
END
$$;
COMMENT ON FUNCTION analysis.store_run(text, text, text, bigint, jsonb, bytea, bytea, bytea) IS 'Stores a run and enters it into the ledger; the same run again is the same entry';
