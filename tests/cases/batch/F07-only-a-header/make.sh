# SPDX-License-Identifier: EUPL-1.2
sample_header > input.csv
