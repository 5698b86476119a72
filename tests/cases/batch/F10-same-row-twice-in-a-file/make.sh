# SPDX-License-Identifier: EUPL-1.2
{ sample_csv 10; sample_rows 10; } > input.csv
