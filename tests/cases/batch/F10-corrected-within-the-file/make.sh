# SPDX-License-Identifier: EUPL-1.2
# Two versions cannot share a batch: the updates become a second one in the same transaction.
{ sample_csv 10; sample_rows 10 1 2 U | sed 's/,9,self,/,12,self,/'; sample_rows 5 1 3 U | sed 's/,9,self,/,15,self,/'; } > input.csv
