# SPDX-License-Identifier: EUPL-1.2
# What stands in the quoted field of a long row is not taken for rows.
{ sample_csv 99; awk 'BEGIN {for (i = 0; i < 10485760 / 64; i++) printf "%064d", i; printf ",\"\n"}'; sample_rows 5 1000; printf '"\n'; sample_rows 5 100; } > input.csv
