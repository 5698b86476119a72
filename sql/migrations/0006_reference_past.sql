-- SPDX-License-Identifier: EUPL-1.2
-- What a load replaces is kept, so that an analysis of last year is verified against the labels,
-- settings and figures that it was made with. Codes and settings say which load brought them, as the
-- other reference tables do; NULL counts always (codes of foreign sources, what was there before).

ALTER TABLE reference.code ADD COLUMN load_id bigint REFERENCES reference.load;
ALTER TABLE reference.setting ADD COLUMN load_id bigint REFERENCES reference.load;
COMMENT ON COLUMN reference.code.load_id IS 'The load that brought it';
COMMENT ON COLUMN reference.setting.load_id IS 'The load that brought it';

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['code', 'setting', 'area', 'population', 'bridge', 'benchmark',
                             'control_total'] LOOP
        EXECUTE format('CREATE TABLE reference.%1$s_past (LIKE reference.%1$s INCLUDING COMMENTS, '
                       'load_until bigint NOT NULL REFERENCES reference.load)', t);
        EXECUTE format('CREATE INDEX %1$s_past_until ON reference.%1$s_past (load_until)', t);
        EXECUTE format('COMMENT ON TABLE reference.%1$s_past IS %2$L', t,
                       'Rows of reference.' || t || ' that a later load replaced');
        EXECUTE format('COMMENT ON COLUMN reference.%1$s_past.load_until IS %2$L', t,
                       'The load that replaced it');
    END LOOP;
END
$$;
