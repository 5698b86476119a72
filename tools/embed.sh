#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Embeds files into the programs: embed.sh OUTDIR FILE…
# sql/queries/<module>/<name>.sql becomes `struct sql_query sql_<module>_<name>` (queries.h,
# queries.c); every other file becomes a `struct sql_script` (scripts.c). Bytes travel as numbers, so
# that no string literal passes the limit of C17 and no character needs escaping.
set -eu
LC_ALL=C
export LC_ALL
out=$1
shift
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/queries.list"
: >"$work/scripts.list"
: >"$work/queries.bytes"
: >"$work/scripts.bytes"
mark="-- PLANTED(${PLANTED:-none})"
blank=$(printf '%*s|' ${#mark} '') # the size of a file stays the same
blank=${blank%|}
for f in "$@"; do
    case $f in
    sql/queries/*/*.sql) kind=queries ;;
    *) kind=scripts ;;
    esac
    sed "s/^$mark/$blank/" "$f" >>"$work/$kind.bytes"
    printf '\0' >>"$work/$kind.bytes"
    printf '%s\n' "$f" >>"$work/$kind.list"
done
for kind in queries scripts; do
    # wc prints "bytes name" in the order of the list, then a total when there are several.
    xargs wc -c <"$work/$kind.list" 2>/dev/null | awk '$2 != "total" {print $1, $2}' >"$work/$kind.sizes"
    [ -s "$work/$kind.list" ] || : >"$work/$kind.sizes"
    od -An -v -tu1 "$work/$kind.bytes" >"$work/$kind.numbers"
    awk -v kind="$kind" -v header="$work/queries.h" -f "$here/embed.awk" \
        "$work/$kind.sizes" "$work/$kind.numbers" >"$work/$kind.c"
done
# The header goes last: the build looks at its time.
mv "$work/queries.c" "$work/scripts.c" "$work/queries.h" "$out/"
