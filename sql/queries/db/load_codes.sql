-- SPDX-License-Identifier: EUPL-1.2
-- Code lists of a file; order is that of the file.
-- $1 jsonb array of objects, $2 bigint load
INSERT INTO reference.code (list, code, valid_from, valid_to, flags, label_nl, label_en, ord,
                            load_id)
SELECT x.list, x.code, x.valid_from, x.valid_to,
       ARRAY(SELECT jsonb_array_elements_text(x.flags)), x.label_nl, x.label_en, x.row, $2
  FROM jsonb_to_recordset($1) AS x (list text, code text, valid_from date, valid_to date, flags jsonb,
                                    label_nl text, label_en text, "row" integer)
ON CONFLICT (list, code, valid_from) DO UPDATE
   SET valid_to = excluded.valid_to, flags = excluded.flags, label_nl = excluded.label_nl,
       label_en = excluded.label_en, ord = excluded.ord,
       load_id = excluded.load_id
