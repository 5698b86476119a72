/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the sampled models share: the options of a run, summaries of all outputs, figures with their
 * diagnostics, and the verdict. A run that fails a diagnostic keeps its figures, with a note that
 * they may not be used.
 */
#ifndef MAATSTAF_ANALYZER_FIT_FIT_SAMPLER_H
#define MAATSTAF_ANALYZER_FIT_FIT_SAMPLER_H

#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/posterior.h"

#define FIT_SAMPLER_OPTIONS                                                                        \
    (FIT_READS(chains) | FIT_READS(iter) | FIT_READS(level) | FIT_READS(sampler))

/* Samples and summarises; sets f->converged and the diagnostics. The first `judged` outputs (NaN
 * ones left out) must converge. ERR_USAGE: --chains or --iter out of range. */
bool fit_sample(struct fit *f, const struct nuts_target *target, size_t judged,
                struct posterior *sample, struct err *e);

/* A figure of one output; `why` is the note when it is undefined. */
void fit_put_sampled(struct fit *f, const struct posterior *sample, size_t output, const char *name,
                     const char *method, struct fit_subject about, const char *why);

#endif
