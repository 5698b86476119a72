# SPDX-License-Identifier: EUPL-1.2
# Lines of about 1,100 bytes over many buffers of any size: every one arrives whole.
sample_ndjson 500 > input.ndjson
