# SPDX-License-Identifier: EUPL-1.2
sample_rows 10 > input.csv
