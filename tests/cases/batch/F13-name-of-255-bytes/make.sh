# SPDX-License-Identifier: EUPL-1.2
sample_csv 10 > "$(awk 'BEGIN {while (n++ < 251) printf "n"}').csv"
