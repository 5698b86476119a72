# SPDX-License-Identifier: EUPL-1.2
# First file: "size path" of each embedded file; second: all their bytes, a NUL after each, as numbers.
# Writes queries.c or scripts.c to stdout, and queries.h to the file `header` when kind is queries.

function highest_parameter(path,    line, rest, n, most) {
    most = 0
    while ((getline line < path) > 0) {
        sub(/--.*/, "", line)
        rest = line
        while (match(rest, /\$[0-9]+/)) {
            n = substr(rest, RSTART + 1, RLENGTH - 1) + 0
            if (n > most)
                most = n
            rest = substr(rest, RSTART + RLENGTH)
        }
    }
    close(path)
    return most
}

FNR == NR {
    size[++files] = $1
    path[files] = $2
    next
}

!started {
    started = 1
    start()
}

{
    gsub(/[ \t]+/, ",")
    print substr($0, 2) ","
}

END {
    if (!started)
        start()
    print "0};\n"
    if (kind == "queries")
        queries()
    else
        scripts()
}

function start() {
    print "/* Made by tools/embed.sh; not to be edited. */"
    print (kind == "queries" ? "#include \"gen/queries.h\"" : "#include \"sql/db.h\"") "\n"
    print "static const unsigned char bytes[] = {"
}

function queries(    i, at, name, part, symbol) {
    print "/* Made by tools/embed.sh; not to be edited. */" > header
    print "#ifndef MAATSTAF_GEN_QUERIES_H\n#define MAATSTAF_GEN_QUERIES_H\n\n#include \"sql/db.h\"\n" > header
    at = 0
    for (i = 1; i <= files; i++) {
        split(path[i], part, "/")
        name = part[3] "/" part[4]
        sub(/\.sql$/, "", name)
        symbol[i] = "sql_" name
        gsub(/[^a-zA-Z0-9_]/, "_", symbol[i])
        print "extern const struct sql_query " symbol[i] ";" > header
        print "const struct sql_query " symbol[i] " = {\"" name "\", (const char *)bytes + " at ", " \
              highest_parameter(path[i]) "};"
        at += size[i] + 1
    }
    print "\n#endif" > header
    print "\nconst struct sql_query *const sql_queries[] = {"
    for (i = 1; i <= files; i++)
        print "    &" symbol[i] ","
    print "    0};\nconst unsigned sql_query_count = " files + 0 ";"
}

function scripts(    i, at) {
    print "const struct sql_script sql_scripts[] = {"
    at = 0
    for (i = 1; i <= files; i++) {
        print "    {\"" path[i] "\", (const char *)bytes + " at ", " size[i] "},"
        at += size[i] + 1
    }
    print "    {0, 0, 0}};\nconst unsigned sql_script_count = " files + 0 ";"
}
