#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Writes the main program of a Check run: tests/unit/csv.c exports csv_suite(), and so on.
set -eu
names=$(for f in "$@"; do basename "$f" .c; done)
printf '#include <check.h>\n#include <stdlib.h>\n'
for n in $names; do printf 'Suite *%s_suite(void);\n' "$n"; done
printf 'int\nmain(void)\n{\n    SRunner *const r = srunner_create(NULL);\n'
for n in $names; do printf '    srunner_add_suite(r, %s_suite());\n' "$n"; done
cat <<'C'
    srunner_run_all(r, CK_ENV);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
C
