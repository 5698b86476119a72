#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Runs the golden scripts again and compares their values with those in tests/stat/golden. Needs R and
# jsonlite (apt install r-base-core r-cran-jsonlite); exits 77 ("skipped") without them. The comparison
# allows 1e-9 of a value, because another processor rounds the last digits otherwise.
# With names as arguments (rate proportion …) only those.
set -eu
cd "$(dirname "$0")/../../.."
if ! command -v Rscript > /dev/null || ! Rscript -e 'library(jsonlite)' > /dev/null 2>&1; then
    echo "skipped: R with jsonlite is not installed"
    exit 77
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
[ $# -gt 0 ] || set -- dist rate proportion multiplicity mixture fit glm chart hybrid local_fdr risk_adjusted interrupted diagnose veil small_places not_in_data balance marginal alike
failed=0
for name in "$@"; do
    Rscript "tests/stat/r/$name.R" "$fresh"
    Rscript - "tests/stat/golden/$name.json" "$fresh/$name.json" << 'R' || failed=1
files <- commandArgs(trailingOnly = TRUE)
same <- all.equal(jsonlite::fromJSON(files[1], simplifyVector = FALSE),
                  jsonlite::fromJSON(files[2], simplifyVector = FALSE), tolerance = 1e-9)
if (!isTRUE(same)) {
  cat(files[1], "differs:", same, sep = "\n  ")
  quit(status = 1)
}
cat(files[1], "is what R computes\n")
R
done
exit $failed
