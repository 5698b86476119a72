# SPDX-License-Identifier: EUPL-1.2
{ sample_csv 9; sample_csv 10 10; } > input.csv
