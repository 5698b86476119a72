# SPDX-License-Identifier: EUPL-1.2
{ sample_header; dd if=/dev/zero bs=65536 count=153 2>/dev/null | tr '\000' '\n'; } > input.csv
