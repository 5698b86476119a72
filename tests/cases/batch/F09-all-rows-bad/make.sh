# SPDX-License-Identifier: EUPL-1.2
sample_csv 100 | sed 's/,traffic_offence_seen,no_lights,none/,,,none/; 1s/,,,none/,traffic_offence_seen,no_lights,none/' > input.csv
