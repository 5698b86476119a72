#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# docs/data-dictionary.md is what the catalogue says.
set -u
. tests/lib/check.sh
MAATSTAF_HOME=${MAATSTAF_TEST_HOME:?a running private cluster}
export MAATSTAF_HOME
tools/dictionary.sh > "$work/now" && cmp -s "$work/now" docs/data-dictionary.md
verdict $? "the data dictionary is what the catalogue says" "run tools/dictionary.sh" ||
    diff "$work/now" docs/data-dictionary.md | head -5
exit $failed
