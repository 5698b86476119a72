# SPDX-License-Identifier: EUPL-1.2
# One registration of two persons is two CSV rows; its message counts them as the report does.
sample_csv 10 > input.csv
sample_rows 1 100 | sed 's/,1,1,1,BU/,2,2,2,BU/' > first
{ cat first; sed 's/,unprompted,1,driver,/,unprompted,2,passenger,/' first; } >> input.csv
