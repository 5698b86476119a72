# SPDX-License-Identifier: EUPL-1.2
# U+2028 is text, not the end of a line.
sample_ndjson 10 | awk 'NR == 4 {sub(/kruispunt/, "kruis\342\200\250punt")} {print}' > input.ndjson
