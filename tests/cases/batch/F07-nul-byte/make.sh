# SPDX-License-Identifier: EUPL-1.2
# Past the head by which the form is recognised.
{ sample_csv 299; sample_rows 1 300 | sed 's/kruispunt/kruis@punt/' | tr '@' '\000'; } > input.csv
