-- SPDX-License-Identifier: EUPL-1.2
-- A bridge; a version is replaced row by row.
-- $1 jsonb array of objects, $2 bigint load
INSERT INTO reference.bridge
       (version, group_list, class, group_code, weight, low, high, note, load_id)
SELECT x.version, x.group_list, x.class, x.group_code, x.weight, x.low, x.high, x.note, $2
  FROM jsonb_to_recordset($1) AS x (version text, group_list text, class text, group_code text,
                                    weight numeric, low numeric, high numeric, note text)
ON CONFLICT (version, group_list, class, group_code) DO UPDATE
   SET weight = excluded.weight, low = excluded.low, high = excluded.high, note = excluded.note,
       load_id = excluded.load_id
