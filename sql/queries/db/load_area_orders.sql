-- SPDX-License-Identifier: EUPL-1.2
-- Area orders of a file with their areas; an order that is held is replaced.
-- $1 jsonb array of objects, $2 bigint load
WITH given AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1) AS x (order_id text, kind text, valid_from timestamptz,
                                               valid_to timestamptz, authority text,
                                               published_at timestamptz, areas jsonb)
), orders AS (
    INSERT INTO reference.area_order AS o
           (order_id, kind, valid_from, valid_to, authority, published_at, load_id)
    SELECT g.order_id, g.kind, g.valid_from, g.valid_to, g.authority, g.published_at, $2 FROM given g
    ON CONFLICT (order_id) DO UPDATE
       SET kind = excluded.kind, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
           authority = excluded.authority, published_at = excluded.published_at,
           load_id = excluded.load_id
    RETURNING o.order_id
), gone AS (
    DELETE FROM reference.area_order_area a USING given g
     WHERE a.order_id = g.order_id AND NOT g.areas ? a.area_code
)
INSERT INTO reference.area_order_area (order_id, area_code)
SELECT o.order_id, c.code
  FROM orders o JOIN given g ON g.order_id = o.order_id
 CROSS JOIN LATERAL jsonb_array_elements_text(g.areas) AS c (code)
ON CONFLICT DO NOTHING
