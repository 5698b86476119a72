# SPDX-License-Identifier: EUPL-1.2
sample_csv 50 > input.csv
sample_ndjson 50 > input.ndjson
