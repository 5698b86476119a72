# SPDX-License-Identifier: EUPL-1.2
mkdir input.csv
