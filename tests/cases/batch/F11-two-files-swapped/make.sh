# SPDX-License-Identifier: EUPL-1.2
sample_csv 10 > a.csv
sample_csv 10 11 > b.csv
printf '{"files":[{"name":"a.csv","records":10,"sha256":"%s"},{"name":"b.csv","records":10,"sha256":"%s"}]}' "$(sha256sum b.csv | cut -d' ' -f1)" "$(sha256sum a.csv | cut -d' ' -f1)" > m.json
