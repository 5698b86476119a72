# SPDX-License-Identifier: EUPL-1.2
# One row with an e-acute of Latin-1: not UTF-8, so this row is refused and the others are not.
{ sample_csv 9; sample_rows 1 10 | awk '{sub(/kruispunt/, "caf\351"); print}'; } > input.csv
