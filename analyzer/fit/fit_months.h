/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The column month of the models over time: "2026-10", or whole numbers counted from any start.
 * Knows the order of months, so that the models can see which are missing.
 */
#ifndef MAATSTAF_ANALYZER_FIT_FIT_MONTHS_H
#define MAATSTAF_ANALYZER_FIT_FIT_MONTHS_H

#include "analyzer/fit/fit_model.h"

enum { FIT_MOST_MONTHS = 1200 }; /* from the first to the last */

struct fit_months {
    bool calendar; /* "2026-10"; else whole numbers */
    long *index;   /* of each row; one more is a month later */
    long first, last;
};

/* ERR_INPUT: a cell is no month, or the two ways of writing are mixed, or the span is too long. */
bool fit_months_of(struct fit *f, size_t column, struct fit_months *months, struct err *e);

/* The month as the file writes it. */
const char *fit_month_name(struct arena *a, const struct fit_months *months, long index);

/* A month given as an option, written as the file writes them. ERR_USAGE names the option. */
bool fit_month_option(const struct fit_months *months, const char *option, const char *text,
                      long *index, struct err *e);

#endif
