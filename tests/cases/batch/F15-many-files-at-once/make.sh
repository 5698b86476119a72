# SPDX-License-Identifier: EUPL-1.2
i=0
while [ $i -lt 1000 ]; do
    i=$((i + 1))
    printf '%s\n' "$i"
done > numbers
sample_ndjson 1000 | awk '{f = sprintf("stop-%04d.ndjson", NR); print > f; close(f)}'
