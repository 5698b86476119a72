-- SPDX-License-Identifier: EUPL-1.2
-- Labels of all codes, the latest period of each.
-- $1 bigint last load that counts
-- Columns: list, code, label_nl, label_en, not_perceived, sensitive
SELECT DISTINCT ON (ord, list COLLATE "C", code COLLATE "C")
       list, code, label_nl, label_en,
       'not_perceived' = ANY (flags) AS not_perceived, 'sensitive' = ANY (flags) AS sensitive
  FROM reference.code_v
 WHERE coalesce(load_id, 0) <= $1::bigint AND (load_until IS NULL OR load_until > $1::bigint)
 ORDER BY ord, list COLLATE "C", code COLLATE "C", valid_from DESC
