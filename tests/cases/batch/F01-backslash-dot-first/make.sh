# SPDX-License-Identifier: EUPL-1.2
{ sample_header; printf '\\.\n'; sample_rows 9; } > input.csv
