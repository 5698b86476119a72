# SPDX-License-Identifier: EUPL-1.2
# Cut in the middle of the last row: too few fields, so it is one bad row.
sample_csv 10 | awk 'NR <= 10 {print; next} {printf "%s", substr($0, 1, 200)}' > input.csv
