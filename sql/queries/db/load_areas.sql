-- SPDX-License-Identifier: EUPL-1.2
-- Areas of a file; a row for the same first year is replaced.
-- $1 jsonb array of objects, $2 bigint load
INSERT INTO reference.area AS a
       (area_set, code, level, name, parent, valid_from_year, valid_to_year, load_id)
SELECT x.area_set, x.code, x.level, x.name, x.parent, x.valid_from_year, x.valid_to_year, $2
  FROM jsonb_to_recordset($1) AS x (area_set text, code text, level text, name text, parent text,
                                    valid_from_year integer, valid_to_year integer)
ON CONFLICT (area_set, code, valid_from_year) DO UPDATE
   SET level = excluded.level, name = excluded.name, parent = excluded.parent,
       valid_to_year = excluded.valid_to_year, load_id = excluded.load_id
