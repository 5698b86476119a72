# SPDX-License-Identifier: EUPL-1.2
sample_csv 10 > input.csv
printf '{"files":[{"name":"other.csv","records":10,"sha256":"%064d"}]}' 0 > m.json
