# SPDX-License-Identifier: EUPL-1.2
{ printf '\357\273\277'; sample_csv 10; } > input.csv
