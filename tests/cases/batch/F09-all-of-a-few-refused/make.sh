# SPDX-License-Identifier: EUPL-1.2
sample_ndjson 3 | sed 's/"duration_min":[0-9]*/"duration_min":"x"/' > input.ndjson
