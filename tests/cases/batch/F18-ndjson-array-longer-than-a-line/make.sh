# SPDX-License-Identifier: EUPL-1.2
{ printf ' ['; sample_ndjson 100 | awk 'NR > 1 {printf ","} {printf "%s", $0}'; printf ']\n'; } > input.ndjson
