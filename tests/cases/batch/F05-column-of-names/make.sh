# SPDX-License-Identifier: EUPL-1.2
sample_csv 10 | awk 'NR == 1 {print $0 ",bsn"; next} {print $0 ",111222333"}' > input.csv
