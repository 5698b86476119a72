# SPDX-License-Identifier: EUPL-1.2
{ sample_ndjson 99; awk 'BEGIN {for (i = 0; i < 10485760 / 64; i++) printf "%064d", i; print ""}'; sample_ndjson 5 100; } > input.ndjson
