# SPDX-License-Identifier: EUPL-1.2
sample_ndjson 10 | awk 'NR > 1 {printf "\n"} {printf "%s", $0}' > input.ndjson
