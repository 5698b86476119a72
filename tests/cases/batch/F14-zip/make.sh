# SPDX-License-Identifier: EUPL-1.2
printf 'PK\003\004rest of a zip archive' > input.csv
