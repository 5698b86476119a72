# SPDX-License-Identifier: EUPL-1.2
sample_csv 10 > a.csv
: > b.csv
sample_csv 10 11 > c.csv
