-- SPDX-License-Identifier: EUPL-1.2
-- Classes of a bridge whose weights do not add up to 1.
-- $1 bigint load
-- result: version text, class text, total text
SELECT b.version, b.class, sum(b.weight)::text AS total
  FROM reference.bridge b
 WHERE (b.version, b.group_list) IN (SELECT l.version, l.group_list FROM reference.bridge l
                                      WHERE l.load_id = $1)
 GROUP BY b.version, b.group_list, b.class
HAVING abs(sum(b.weight) - 1) > 0.000001
 ORDER BY 1, 2 LIMIT 1
