# SPDX-License-Identifier: EUPL-1.2
{ sample_csv 99; awk 'BEGIN {for (i = 0; i < 10485760 / 64; i++) printf "%064d", i; print ""}'; sample_rows 5 100; } > input.csv
