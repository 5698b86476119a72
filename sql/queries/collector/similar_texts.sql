-- SPDX-License-Identifier: EUPL-1.2
-- W062 against what is stored: more than 90% like one of the 32 latest texts of the unit.
-- Binary: $1 text[] units, $2 text[] texts
-- result: ord int (from 1)
SELECT ord
FROM ingest.similar_texts($1::text[], $2::text[])
