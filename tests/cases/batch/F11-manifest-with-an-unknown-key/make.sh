# SPDX-License-Identifier: EUPL-1.2
sample_csv 3 > input.csv
printf '{"files":[{"name":"input.csv","records":3,"sha256":"%s"}],"signature":"x"}' "$(sha256sum input.csv | cut -d' ' -f1)" > m.json
printf '{"records":3,"sha256":"%s","batch":7}' "$(sha256sum input.csv | cut -d' ' -f1)" > input.csv.manifest.json
