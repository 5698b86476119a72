# SPDX-License-Identifier: EUPL-1.2
{ sample_csv 20 | sed '2,$s/,traffic_offence_seen,no_lights,none/,,,none/'; sample_rows 80 21; } > input.csv
