/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the Check suites share: the place of the real data (absent on a machine that has none, and
 * then a test says by name that it was skipped), golden values, and comparisons that print ours,
 * the reference and the tolerance.
 */
#ifndef MAATSTAF_TESTS_LIB_TESTLIB_H
#define MAATSTAF_TESTS_LIB_TESTLIB_H

#include "common/arena.h"
#include "common/str.h"

#include <check.h>
#include <stdbool.h>

/* Path of a file of the real data (MAATSTAF_DATA, else ../shared/data), or NULL after saying
 * "skipped: <test>: …". */
const char *shared_data(struct arena *a, const char *test, const char *relative);

/* The unpacked bytes of a .gz file, by gzip itself. */
struct span unpacked(struct arena *a, const char *path);

/* Says that a test was skipped and why; the run's last line counts it. */
void test_skipped(const char *test, const char *why);

/* Fails unless |ours - reference| <= tolerance * max(1, |reference|); NaN equals NaN. */
void assert_close(const char *what, double ours, double reference, double tolerance);

#endif
