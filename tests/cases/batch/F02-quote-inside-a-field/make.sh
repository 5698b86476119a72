# SPDX-License-Identifier: EUPL-1.2
{ sample_csv 2; sample_rows 1 3 | sed 's/HGL/H"GL/'; sample_rows 8 4; } > input.csv
