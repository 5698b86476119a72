# SPDX-License-Identifier: EUPL-1.2
sample_csv 10 > input.csv
printf '{"files":[{"name":"input.csv","records":10,"sha256":"%s"}]}' "$(sha256sum input.csv | cut -d' ' -f1)" > m.json
