# SPDX-License-Identifier: EUPL-1.2
sample_csv 10 | awk -F, -v OFS=, '{t = $1; $1 = $2; $2 = t; print}' > input.csv
