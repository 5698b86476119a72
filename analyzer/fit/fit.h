/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `analyzer fit MODEL`: the models on plain CSV cells, without a database, for researchers and for
 * checking. CSV in, one JSON document out (8-interfaces). Knows files and figures; the statistics
 * are analyzer/stat's.
 */
#ifndef MAATSTAF_ANALYZER_FIT_FIT_H
#define MAATSTAF_ANALYZER_FIT_FIT_H

#include "common/arena.h"
#include "common/err.h"
#include "common/option.h"

#include <stdio.h>

#define FIT_OPTIONS(X)                                                                             \
    X(TEXT, reference, "reference", "GROUP", NULL,                                                 \
      "compare with this group; without it, with all others in the same place together")           \
    X(REAL, level, "level", "LEVEL", "0.95", "confidence level of the intervals")                  \
    X(INT, seed, "seed", "N", "1", "seed of what is drawn at random")

OPTION_STRUCT(fit_options, FIT_OPTIONS);

/*
 * Reads cells from `in` and writes the document to `out`, with a newline. ERR_USAGE: no such model,
 * or an option out of range; ERR_INPUT: the cells are wrong, with line and column. Nothing is
 * written on failure. A fit that does not converge is a result ("converged": false), not a failure.
 */
bool fit_run(struct arena *parent, const char *model, FILE *in, const struct fit_options *options,
             FILE *out, struct err *e);

/* The names of the models, from index 0; NULL after the last. */
const char *fit_model_name(size_t index);

#endif
