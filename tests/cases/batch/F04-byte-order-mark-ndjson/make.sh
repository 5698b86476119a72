# SPDX-License-Identifier: EUPL-1.2
{ printf '\357\273\277'; sample_ndjson 10; } > input.ndjson
