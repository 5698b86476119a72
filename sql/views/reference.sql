-- SPDX-License-Identifier: EUPL-1.2
-- Reference tables with what was replaced in them. As of load n: load_id <= n (NULL counts always) and
-- load_until > n (NULL: it still holds).

DO $$
DECLARE
    t text;
    c record;
BEGIN
    FOREACH t IN ARRAY ARRAY['code', 'setting', 'area', 'population', 'bridge', 'benchmark',
                             'control_total'] LOOP
        EXECUTE format('CREATE OR REPLACE VIEW reference.%1$s_v AS '
                       'SELECT x.*, NULL::bigint AS load_until FROM reference.%1$s x '
                       'UNION ALL SELECT * FROM reference.%1$s_past', t);
        EXECUTE format('COMMENT ON VIEW reference.%1$s_v IS %2$L', t,
                       'Rows of reference.' || t || ', those that a later load replaced among them');
        FOR c IN SELECT a.attname, col_description(a.attrelid, a.attnum) AS about FROM pg_attribute a
                  WHERE a.attrelid = format('reference.%s_past', t)::regclass AND a.attnum > 0 LOOP
            EXECUTE format('COMMENT ON COLUMN reference.%s_v.%I IS %L', t, c.attname, c.about);
        END LOOP;
    END LOOP;
END
$$;
