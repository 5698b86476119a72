# SPDX-License-Identifier: EUPL-1.2
{ sample_csv 99; awk 'BEGIN {for (i = 0; i < 10485760 / 64; i++) printf "%064d", i; printf ",\""}'; sample_rows 500 100; } > input.csv
