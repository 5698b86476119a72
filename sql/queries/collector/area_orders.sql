-- SPDX-License-Identifier: EUPL-1.2
-- Orders that designate areas for preventive searches, one row an area.
-- result: order_id text, kind text, valid_from bigint, valid_to bigint (microseconds since 1970,
--         UTC), area_code text
SELECT o.order_id, o.kind,
       (extract(epoch FROM o.valid_from) * 1000000)::bigint AS valid_from,
       (extract(epoch FROM o.valid_to) * 1000000)::bigint AS valid_to,
       x.area_code
FROM reference.area_order AS o
JOIN reference.area_order_area AS x USING (order_id)
ORDER BY o.order_id, x.area_code
