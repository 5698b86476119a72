# SPDX-License-Identifier: EUPL-1.2
# Rows are added for as long as the import runs: what was read is not what is there.
sample_csv 20000 > input.csv
sample_rows 1 20001 > row
( i=0; while [ $i -lt 400 ] && [ -e input.csv ]; do cat row >> input.csv; sleep 0.02; i=$((i + 1)); done ) &
