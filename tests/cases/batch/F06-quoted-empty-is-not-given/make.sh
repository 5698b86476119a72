# SPDX-License-Identifier: EUPL-1.2
# circumstance-free rows: an empty reason and a quoted empty reason are the same record.
sample_csv 10 > plain.csv
sed '2,$s/,traffic_offence_seen,/,"traffic_offence_seen",/' plain.csv > quoted.csv
