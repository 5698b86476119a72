# SPDX-License-Identifier: EUPL-1.2
# 300 of the first 1,000 are bad; of all 9,000 they are 3%.
{ sample_csv 300 | sed '2,$s/,traffic_offence_seen,no_lights,none/,,,none/'; sample_rows 8700 301; } > input.csv
