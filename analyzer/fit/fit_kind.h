/* SPDX-License-Identifier: EUPL-1.2 */
/* Kinds of columns for the reader of cells; fit_kind_text is in fit_cells.h, for everybody. */
#ifndef MAATSTAF_ANALYZER_FIT_FIT_KIND_H
#define MAATSTAF_ANALYZER_FIT_FIT_KIND_H

#include "analyzer/fit/fit_cells.h"
#include "common/str.h"

/* A value as it stands in a file. */
const char *fit_kind_example(enum fit_kind kind);

/* Why this text is not of the kind, or NULL with the number. */
const char *fit_number_of(enum fit_kind kind, struct span text, double *number);

#endif
