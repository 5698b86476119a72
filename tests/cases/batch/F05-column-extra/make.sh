# SPDX-License-Identifier: EUPL-1.2
sample_csv 10 | awk 'NR == 1 {print $0 ",shoe_size"; next} {print $0 ",43"}' > input.csv
