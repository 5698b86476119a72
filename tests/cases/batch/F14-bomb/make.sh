# SPDX-License-Identifier: EUPL-1.2
dd if=/dev/zero bs=1048576 count=64 2>/dev/null | gzip > input.csv.gz
