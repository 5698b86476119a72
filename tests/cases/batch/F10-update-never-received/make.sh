# SPDX-License-Identifier: EUPL-1.2
{ sample_csv 10; sample_rows 1 99 2 U; } > input.csv
