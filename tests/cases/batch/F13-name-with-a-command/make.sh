# SPDX-License-Identifier: EUPL-1.2
sample_csv 10 > ';rm.csv'
