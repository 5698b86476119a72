# SPDX-License-Identifier: EUPL-1.2
sample_csv 50 > input.csv
cp input.csv other.csv
