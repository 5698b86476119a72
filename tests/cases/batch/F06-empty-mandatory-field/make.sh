# SPDX-License-Identifier: EUPL-1.2
{ sample_csv 9; sample_rows 1 10 | sed 's/,man,/,,/'; } > input.csv
