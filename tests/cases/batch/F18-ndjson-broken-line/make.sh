# SPDX-License-Identifier: EUPL-1.2
{ sample_ndjson 9; sample_ndjson 1 10 | cut -c1-300; sample_ndjson 5 11; } > input.ndjson
