#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Prints docs/data-dictionary.md from the catalogue of a running private cluster (MAATSTAF_HOME).
set -eu
BINDIR=${BINDIR:-.}
# shellcheck disable=SC2016 # the backquotes are Markdown
echo '# Data dictionary

Made from the comments in the database by `tools/dictionary.sh`; do not edit this page. Partitions are left out.
'
"$BINDIR/maatstaf-db" psql --as auditor -- -X -q -A -t -v ON_ERROR_STOP=1 <<'SQL'
WITH schemas AS (
    SELECT n.oid, n.nspname, obj_description(n.oid, 'pg_namespace') AS about
      FROM pg_namespace n
     WHERE n.nspname IN ('reference', 'registration', 'sensitive', 'citizen', 'analysis', 'publication', 'audit',
                         'ingest', 'retention')
), relations AS (
    SELECT s.nspname, c.oid, c.relname, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind,
           obj_description(c.oid, 'pg_class') AS about
      FROM schemas s JOIN pg_class c ON c.relnamespace = s.oid
     WHERE c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
), lines AS (
    SELECT s.nspname AS schema, '' AS relation, 0 AS ord,
           format(E'\n## %s\n\n%s.', s.nspname, s.about) AS line
      FROM schemas s
    UNION ALL
    SELECT r.nspname, r.relname, 0,
           format(E'\n### %s.%s (%s)\n\n%s.\n\n| column | type | meaning |\n|---|---|---|', r.nspname, r.relname, r.kind,
                  r.about)
      FROM relations r
    UNION ALL
    SELECT r.nspname, r.relname, a.attnum,
           format('| `%s` | %s%s | %s |', a.attname, format_type(a.atttypid, a.atttypmod),
                  CASE WHEN a.attnotnull THEN '' ELSE ', may be NULL' END,
                  replace(coalesce(col_description(r.oid, a.attnum), ''), '|', '\|'))
      FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid
     WHERE a.attnum > 0 AND NOT a.attisdropped
)
SELECT line FROM lines ORDER BY schema COLLATE "C", relation COLLATE "C", ord;
SQL
