# SPDX-License-Identifier: EUPL-1.2
sample_ndjson 10 | sed 'n;G;G' > input.ndjson
