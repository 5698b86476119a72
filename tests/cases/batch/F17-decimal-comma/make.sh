# SPDX-License-Identifier: EUPL-1.2
{ sample_csv 18; sample_rows 1 19 | sed 's/,9,self,/,"1,5",self,/'; sample_rows 1 20 | sed 's/,9,self,/,1.5,self,/'; } > input.csv
