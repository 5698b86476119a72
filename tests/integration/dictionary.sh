#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# docs/data-dictionary.md is what the catalogue says.
set -u
MAATSTAF_HOME=${MAATSTAF_TEST_HOME:?a running private cluster}
export MAATSTAF_HOME
now=$(mktemp)
trap 'rm -f "$now"' EXIT
if tools/dictionary.sh > "$now" && cmp -s "$now" docs/data-dictionary.md; then
    echo "ok - the data dictionary is what the catalogue says"
else
    echo "not ok - docs/data-dictionary.md differs from the catalogue; run tools/dictionary.sh"
    diff "$now" docs/data-dictionary.md | head -5
fi
