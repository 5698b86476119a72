# SPDX-License-Identifier: EUPL-1.2
sample_ndjson 10 | sed 's/$/\r/' > input.ndjson
