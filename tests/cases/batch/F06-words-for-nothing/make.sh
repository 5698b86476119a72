# SPDX-License-Identifier: EUPL-1.2
# NULL, \N, - and onbekend are no codes, and nothing else than empty means not given.
{
    sample_csv 26
    sample_rows 1 27 | sed 's/,man,/,NULL,/'
    sample_rows 1 28 | sed 's/,man,/,\\N,/'
    sample_rows 1 29 | sed 's/,man,/,-,/'
    sample_rows 1 30 | sed 's/,man,/,onbekend,/'
} > input.csv
