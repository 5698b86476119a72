#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Calls and habits that the house style rules out, and the licence line that every source carries.
set -eu
failed=0
files=$(git ls-files '*.c' '*.h')

complain() { # what, lines
    [ -z "$2" ] || { printf '%s:\n%s\n' "$1" "$2" >&2; failed=1; }
}
# shellcheck disable=SC2086 # lists of file names
{
    complain "banned call" "$(grep -nE '\b(atoi|atol|atof|strtok|sprintf|vsprintf|gmtime|localtime|rand|srand|strcpy|strcat|strncpy|gets|setjmp|longjmp|system|popen|alloca)\s*\(' $files || true)"
    complain "goto" "$(grep -nE '^\s*goto\b' $files || true)"
    complain "SQL text outside sql/queries" "$(grep -nE '"\s*(SELECT|INSERT INTO|UPDATE [a-z]|DELETE FROM|COPY [a-z]) ' $files | grep -vE '^(tests/|sql/)' || true)"
    complain "escaping instead of parameters" "$(grep -nE 'PQescape' $files || true)"
}
for f in $(git ls-files '*.c' '*.h' '*.sql' '*.sh' Makefile); do
    head -3 "$f" | grep -q 'SPDX-License-Identifier: EUPL-1.2' || { echo "$f: no SPDX licence line" >&2; failed=1; }
done
exit $failed
