-- SPDX-License-Identifier: EUPL-1.2
-- Residents of a file; a row for the same area, year, class and age band is replaced.
-- $1 jsonb array of objects, $2 bigint load
INSERT INTO reference.population
       (area_set, area_code, year, class, age_band, persons, rounded_to, source, load_id)
SELECT x.area_set, x.area_code, x.year, x.class, x.age_band, x.persons, x.rounded_to, x.source, $2
  FROM jsonb_to_recordset($1) AS x (area_set text, area_code text, year integer, class text,
                                    age_band text, persons numeric, rounded_to integer, source text)
ON CONFLICT (area_set, area_code, year, class, age_band) DO UPDATE
   SET persons = excluded.persons, rounded_to = excluded.rounded_to, source = excluded.source,
       load_id = excluded.load_id
