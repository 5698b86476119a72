# SPDX-License-Identifier: EUPL-1.2
# PostgreSQL's own COPY would drop rows 4 to 9 without a word.
{ sample_csv 3; printf '\\.\n'; sample_rows 6 4; } > input.csv
