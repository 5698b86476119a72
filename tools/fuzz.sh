#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Runs every fuzz target for a while from its corpus: fuzz.sh SECONDS
set -eu
export OPENBLAS_NUM_THREADS=1 # a fuzzer is one process, and there are others
for program in build/fuzz/fuzz/*; do
    name=$(basename "$program")
    mkdir -p "build/fuzz/found/$name"
    echo "== $name"
    "$program" -max_total_time="$1" -max_len=8192 -timeout=30 -print_final_stats=1 \
        "build/fuzz/found/$name" "tests/fuzz/corpus/$name" 2>&1 | tail -8
done
