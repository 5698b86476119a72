# SPDX-License-Identifier: EUPL-1.2
sample_csv 100 > input.csv
sample_csv 100 | sed '2s/,9,self,/,12,self,/' > changed.csv
