-- SPDX-License-Identifier: EUPL-1.2
-- Labels of all codes, the latest period of each.
-- Columns: list, code, label_nl, label_en, not_perceived, sensitive
SELECT DISTINCT ON (ord, list COLLATE "C", code COLLATE "C")
       list, code, label_nl, label_en,
       'not_perceived' = ANY (flags) AS not_perceived, 'sensitive' = ANY (flags) AS sensitive
  FROM reference.code
 ORDER BY ord, list COLLATE "C", code COLLATE "C", valid_from DESC
