-- SPDX-License-Identifier: EUPL-1.2
-- Every code list with its periods, in the order of the forms.
-- result: list text, code text, valid_from int (days since 1970-01-01), valid_to int or NULL,
--         flags text (separated by |), label_nl text, label_en text
SELECT list, code,
       valid_from - date '1970-01-01' AS valid_from,
       valid_to - date '1970-01-01' AS valid_to,
       array_to_string(flags, '|') AS flags,
       label_nl, label_en
FROM reference.code
ORDER BY list, ord, code, valid_from
