# SPDX-License-Identifier: EUPL-1.2
sample_csv 10 > input.csv
sample_csv 10 1 2 U | sed 's/,9,self,/,12,self,/' > corrected.csv
