# SPDX-License-Identifier: EUPL-1.2
# Row 5 once more, at once: a double delivery, not a second person of the same stop.
sample_csv 12 | sed 6p > input.csv
