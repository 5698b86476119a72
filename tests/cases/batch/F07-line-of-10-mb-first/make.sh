# SPDX-License-Identifier: EUPL-1.2
{ awk 'BEGIN {for (i = 0; i < 10485760 / 64; i++) printf "%064d", i; print ""}'; sample_csv 5; } > input.csv
