#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The logistic veil model (spline of 6 df, 114 places) on single stops: `analyzer fit logistic`, from
# the start of the process to the end, beside R's glm on the same rows, without the time R takes to read them,
# in turns.
#   tests/bench/veil.sh [--quick]         ROWS=1000000 ROUNDS=3 by default, --quick is 100000 and 1
# Exit status 1: not 50 times as fast (of a million stops), or another result.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
BINDIR=$(cd "${BINDIR:-.}" && pwd)
BUILD=${BUILD:-build}
rows=${ROWS:-1000000}
rounds=${ROUNDS:-3}
case "${1:-}" in
"") ;;
--quick) rows=${ROWS:-100000} rounds=${ROUNDS:-1} ;;
*) echo "usage: veil.sh [--quick]" >&2; exit 2 ;;
esac
if ! command -v Rscript > /dev/null; then
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    $as_root apt-get install -y -qq --no-install-recommends r-base-core > /dev/null
fi

mkdir -p "$BUILD/tests/bench"
measure=$(cd "$BUILD/tests/bench" && pwd)/measure
"${CC:-gcc}" -std=c17 -O2 -Wall -Wextra -o "$measure" "$here/measure.c"
work=$(mktemp -d "${TMPDIR:-/tmp}/maatstaf-veil.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

Rscript "$here/veil.R" make "$rows" "$work/stops.csv"
round=0
while [ $((round += 1)) -le "$rounds" ]; do
    "$measure" "$work/one" "$BINDIR/maatstaf-analyzer" fit logistic \
        --formula 'dark + ns(minute, 6) + place' "$work/stops.csv" > "$work/ours.json"
    cat "$work/one" >> "$work/ours"
    task="time"
    [ "$round" -gt 1 ] || task=fit
    "$measure" "$work/one" Rscript "$here/veil.R" $task "$work/stops.csv" "$work/r$round.csv"
    [ "$round" -gt 1 ] || mv "$work/one" "$work/r"
    head -1 "$work/r$round.csv" >> "$work/seconds"
done

Rscript - "$work" "$rows" "$rounds" << 'R'
work <- commandArgs(trailingOnly = TRUE)[1]
ours <- read.table(file.path(work, "ours"))
r <- readLines(file.path(work, "r1.csv"))
seconds <- median(scan(file.path(work, "seconds"), quiet = TRUE))
text <- readLines(file.path(work, "ours.json"), warn = FALSE)
figures <- regmatches(text, gregexpr("[{][^{}]*\"term\"[^{}]*[}]", text))[[1]]
number <- function(of, key) as.numeric(sub(paste0(".*\"", key, "\":([-0-9.e]+).*"), "\\1", of))
theirs <- read.delim(text = r[-1], header = FALSE)
order <- match(theirs$V1, sub(".*\"term\":\"([^\"]*)\".*", "\\1", figures))
apart <- max(abs(number(figures[order], "value") / theirs$V2 - 1))
apart_se <- max(abs(number(figures[order], "se") / theirs$V3 - 1))
ratio <- seconds / median(ours$V1)
cat(sprintf("%s stops, median of %s rounds\n", commandArgs(TRUE)[2], commandArgs(TRUE)[3]))
cat(sprintf("  ours, whole process: %.2f s wall, %.2f s CPU, %.0f MiB\n", median(ours$V1), median(ours$V2),
            max(ours$V3) / 1024))
memory <- read.table(file.path(work, "r"))$V3 / 1024
cat(sprintf("  R, glm() alone: %.1f s wall; R's memory %.0f MiB\n", seconds, memory))
required <- if (as.numeric(commandArgs(TRUE)[2]) < 1e6) 0 else 50 # fewer stops hardly take ours less time
cat(sprintf("  ratio %.0f, required >= %d: %s\n", ratio, required, if (ratio >= required) "met" else "NOT MET"))
cat(sprintf("  largest relative difference of %d coefficients %.1g, of standard errors %.1g: %s\n", nrow(theirs),
            apart, apart_se, if (apart < 1e-7 && apart_se < 1e-7) "the same" else "NOT THE SAME"))
quit(status = as.integer(!(ratio >= required && apart < 1e-7 && apart_se < 1e-7)))
R
