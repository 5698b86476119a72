# SPDX-License-Identifier: EUPL-1.2
# A time written as a spreadsheet writes it is a wrong type; the rows beside it are not touched.
{ sample_csv 9; sample_rows 1 10 | sed 's/2026-11-20T[0-9:]*Z,exact/20-11-2026 21:40,exact/'; } > input.csv
