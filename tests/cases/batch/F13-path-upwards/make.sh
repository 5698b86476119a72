# SPDX-License-Identifier: EUPL-1.2
# A path is the operator's; only the base name is kept.
mkdir below
sample_csv 10 > input.csv
