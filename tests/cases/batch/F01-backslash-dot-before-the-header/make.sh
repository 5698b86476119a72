# SPDX-License-Identifier: EUPL-1.2
{ printf '\\.\n'; sample_csv 9; } > input.csv
