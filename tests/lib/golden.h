/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Golden values: tests/stat/golden/<name>.json, written by tests/stat/r/<name>.R. Numbers that JSON
 * does not have stand there as "Inf", "-Inf", "NaN" or "NA".
 */
#ifndef MAATSTAF_TESTS_LIB_GOLDEN_H
#define MAATSTAF_TESTS_LIB_GOLDEN_H

#include "common/json.h"
#include "tests/lib/testlib.h"

/* Tolerances, relative: closed forms; roots; both leave R's 15 printed digits room. */
#define CLOSED 1e-10
#define ROOTED 1e-8

/* The array (or object) `key` of a golden file; fails the test when it is not there or empty. */
const json_t *golden(struct arena *a, const char *name, const char *key);

/* A number of a case; fails the test when the key is missing. */
double golden_number(const json_t *of, const char *key);

/* A list of numbers into out (room for most); returns how many. */
size_t golden_numbers(const json_t *of, const char *key, double *out, size_t most);

/* As assert_close, but the tolerance is relative to the reference however small that is. */
void assert_relative(const char *what, double ours, double reference, double tolerance);

#endif
