# SPDX-License-Identifier: EUPL-1.2
{ sample_csv 2; printf '"'; sample_rows 99998 3; } > input.csv
