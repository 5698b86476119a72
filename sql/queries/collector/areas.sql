-- SPDX-License-Identifier: EUPL-1.2
-- The areas of one set, with the years in which they hold.
-- $1 text: the area set
-- result: code text, level text, name text, parent text or NULL, valid_from_year int, valid_to_year int or NULL
SELECT code, level, name, parent, valid_from_year, valid_to_year
FROM reference.area
WHERE area_set = $1
ORDER BY code, valid_from_year
