-- SPDX-License-Identifier: EUPL-1.2
-- The signals that a stored run left open, from its document.
-- $1 text run
-- Columns: id, kind, level_of_place, place, perspective, group_code, grade, since
SELECT s ->> 'id' AS id, s ->> 'kind' AS kind, s ->> 'level_of_place' AS level_of_place,
       coalesce(s ->> 'place', '') AS place, s ->> 'perspective' AS perspective,
       s ->> 'group' AS group_code, s ->> 'grade' AS grade, s ->> 'since' AS since
  FROM analysis.run r,
       json_array_elements(convert_from(r.document, 'UTF8')::json -> 'signals') s
 WHERE r.run_id = $1::text AND s ->> 'status' <> 'closed'
 ORDER BY s ->> 'id' COLLATE "C"
