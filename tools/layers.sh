#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Who may include whom (docs/architecture.md). No exceptions list. A tests/ file may include anything.
set -eu

# folder: folders of ours that it may include
rules='
common: common
sql: common sql gen
api-client: common api-client
collector: common sql gen api-client collector
analyzer/stat: common analyzer/stat
analyzer/fit: common analyzer/stat analyzer/fit
analyzer/cells: common sql gen analyzer/cells
analyzer/measure: common analyzer/stat analyzer/cells analyzer/measure
analyzer/release: common analyzer/measure analyzer/release
analyzer/report: common analyzer/measure analyzer/report
'
failed=0
for line in $(echo "$rules" | sed -n 's/: /:/p' | tr ' ' ',' ); do
    folder=${line%%:*}
    allowed=$(echo "${line#*:}" | tr ',' ' ')
    [ -d "$folder" ] || continue
    for file in "$folder"/*.c "$folder"/*.h; do
        [ -e "$file" ] || continue
        includes=$(sed -n 's/^#include "\(.*\)"/\1/p' "$file")
        for include in $includes; do
            target=$(dirname "$include")
            ok=0
            for a in $allowed; do [ "$target" = "$a" ] && ok=1; done
            if [ $ok -eq 0 ]; then
                echo "$file includes $include: $folder may only include: $allowed" >&2
                failed=1
            fi
        done
    done
done
# libraries that belong to one place
only() { # header, place (extended regular expression), reason
    bad=$(grep -lE "^#include <$1>" -r --include='*.[ch]' common sql collector analyzer api-client 2>/dev/null | grep -vE "$2" || true)
    [ -z "$bad" ] || { echo "$bad: <$1> belongs in $3" >&2; failed=1; }
}
only 'libpq-fe\.h' '^sql/' 'sql/'
only 'Rmath\.h' '^analyzer/stat/dist\.[ch]$' 'analyzer/stat/dist.c'
only '(cblas|lapacke)\.h' '^analyzer/stat/linear\.[ch]$' 'analyzer/stat/linear.c'
only 'openssl/.*' '^common/' 'common/'
only 'microhttpd\.h' '^common/http_server_daemon\.c$' 'common/http_server_daemon.c'
only 'unicode/.*' '^(common|collector)/' 'common/ and the screen in collector/'
only 'curl/curl\.h' '^api-client/' 'api-client/'
exit $failed
