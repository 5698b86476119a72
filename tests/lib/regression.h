/* SPDX-License-Identifier: EUPL-1.2 */
/* Runs `fit poisson` and `fit logistic` on cells given as text, and finds terms in the document. */
#ifndef MAATSTAF_TESTS_LIB_REGRESSION_H
#define MAATSTAF_TESTS_LIB_REGRESSION_H

#include "tests/lib/fit_document.h"

/* NULL: the option's default. */
struct regression_call {
    const char *model, *formula, *family, *reference;
};

const json_t *regression(struct arena *a, struct regression_call c, const char *csv);

/* The figure of that term, or of that name; fails the test when there is none. */
const json_t *regression_term(const json_t *document, const char *term);
const json_t *regression_figure(const json_t *document, const char *name);

double regression_number(const json_t *figure, const char *key); /* NaN for null */
double regression_beta(const json_t *document, const char *term);

#endif
