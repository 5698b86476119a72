# SPDX-License-Identifier: EUPL-1.2
sample_csv 10 | iconv -f UTF-8 -t UTF-16LE > input.csv
