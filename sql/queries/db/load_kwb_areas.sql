-- SPDX-License-Identifier: EUPL-1.2
-- Areas of a CBS table of one year, which has codes and no names: what is held for that year stays;
-- a new code gets the name it had in another year, else the code itself.
-- $1 jsonb array of objects, $2 bigint load
INSERT INTO reference.area (area_set, code, level, name, parent, valid_from_year, load_id)
SELECT x.area_set, x.code, x.level,
       coalesce((SELECT a.name FROM reference.area a
                  WHERE a.area_set = x.area_set AND a.code = x.code
                  ORDER BY a.valid_from_year DESC LIMIT 1), x.code),
       x.parent, x.valid_from_year, $2
  FROM jsonb_to_recordset($1) AS x (area_set text, code text, level text, parent text,
                                    valid_from_year integer)
 WHERE NOT EXISTS (SELECT FROM reference.area a
                    WHERE a.area_set = x.area_set AND a.code = x.code
                      AND a.valid_from_year <= x.valid_from_year
                      AND coalesce(a.valid_to_year, x.valid_from_year) >= x.valid_from_year)
