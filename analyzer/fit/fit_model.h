/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a model of `analyzer fit` is, and what models share: putting figures and diagnostics, and
 * the comparison of groups within places. README.md tells how to add a model. All memory is the
 * arena's of the run.
 */
#ifndef MAATSTAF_ANALYZER_FIT_FIT_MODEL_H
#define MAATSTAF_ANALYZER_FIT_FIT_MODEL_H

#include "analyzer/fit/fit.h"
#include "analyzer/fit/fit_cells.h"
#include "analyzer/stat/estimate.h"
#include "analyzer/stat/pooled.h"
#include "common/json.h"

#include <stdint.h>

/* ---- models ---- */

/* One run: what the model reads and where its figures go. */
struct fit {
    struct arena *arena;
    const struct fit_options *options;
    struct fit_cells *cells;
    json_t *figures;     /* array */
    json_t *diagnostics; /* object */
    bool converged;
};

/* A bit per option: `.options = FIT_READS(reference) | FIT_READS(level)`. */
#define FIT_OPTION_NUMBER_(kind, member, name, metavar, fallback, help) FIT_OPTION_##member,
enum fit_option { FIT_OPTIONS(FIT_OPTION_NUMBER_) FIT_OPTION_COUNT };
#define FIT_READS(member) (UINT64_C(1) << FIT_OPTION_##member)

/* A name of figures that a model gives, with its methods ("exact, mid-p"; "" for none). */
struct fit_output {
    const char *name, *methods;
};

/* Help, the parser, the manual page and dispatch all come from this. */
struct fit_model {
    const char *name;
    const char *summary; /* one line, lower case, no full stop */
    struct fit_layout layout;
    uint64_t options; /* those it reads besides the seed */
    const struct fit_output *figures;
    size_t figure_count;
    bool (*run)(struct fit *f, struct err *e);
};

#define FIT_LIST(list)    (list), sizeof(list) / sizeof *(list)
#define FIT_FIGURES(list) .figures = (list), .figure_count = sizeof(list) / sizeof *(list)

/* The models: X(name) stands for `const struct fit_model fit_name` in fit_name.c. */
#define FIT_MODELS(X)                                                                              \
    X(rate)                                                                                        \
    X(proportion)                                                                                  \
    X(poisson)                                                                                     \
    X(logistic)                                                                                    \
    X(veil)                                                                                        \
    X(chart)                                                                                       \
    X(adjust)                                                                                      \
    X(robust)                                                                                      \
    X(risk_adjusted)                                                                               \
    X(interrupted)                                                                                 \
    X(standardise)                                                                                 \
    X(shrink)                                                                                      \
    X(funnel)                                                                                      \
    X(capture)                                                                                     \
    X(tipping)                                                                                     \
    X(bounds)                                                                                      \
    X(misclassified)                                                                               \
    X(balance)                                                                                     \
    X(hierarchical)                                                                                \
    X(threshold)

#define FIT_MODEL_EXTERN_(name) extern const struct fit_model fit_##name;
FIT_MODELS(FIT_MODEL_EXTERN_)

/* Model number `index`, from 0, or NULL past the last. */
const struct fit_model *fit_model_at(size_t index);

/* ---- figures ---- */

/* What a figure is about; NULL is left out. */
struct fit_subject {
    const char *place, *group, *reference, *term;
};

/* Appends a figure and returns it (the array owns it). A method of NULL is left out. */
json_t *fit_figure(struct fit *f, const char *name, const char *method, struct fit_subject about);
void fit_put(json_t *figure, const char *key, double number); /* not finite: null */
void fit_put_estimate(const struct fit *f, json_t *figure, struct estimate e);
void fit_put_test(json_t *figure, struct test t); /* value and statistic are the same number */

/* A pooled ratio with its test; `why` as in fit_note(). */
void fit_put_pooled(struct fit *f, const char *name, struct fit_subject about,
                    struct pooled_ratio pooled, const char *why);

/*
 * The last thing put into a figure. When a number of it is null, the note says `why` (NULL: a
 * general word); else it is `otherwise` (NULL: no note). So nothing is null without a reason.
 */
void fit_note(json_t *figure, const char *why, const char *otherwise);

/* ---- places and groups ---- */

enum { FIT_MOST_PAIRED_ROWS = 20000, FIT_MOST_GROUPS = 1000 };

/* Rows by place and group, in order of first appearance; cell[p * groups + g] is a row or
 * FIT_NO_ROW. */
#define FIT_NO_ROW SIZE_MAX

struct fit_grid {
    size_t places, groups;
    const char **place, **group;
    const size_t *cell;
};

/* Columns `place` and `group` are numbers of text columns. ERR_INPUT when a place has a group
 * twice. */
bool fit_grid_of(struct fit *f, size_t place, size_t group, struct fit_grid *grid, struct err *e);

/* The numbers of columns 2, 3 (a, b) and, where the model has them, 4, 5 (c, d), of the group (1)
 * and of its reference (0) in one place; 0 for a column that is not there. */
struct fit_pair {
    double a1, b1, a0, b0;
    double c1, d1, c0, d0;
};

/* What a model does with each pair, and with all pairs of a group. */
struct fit_comparison {
    /* `missing` says what is not there to compare with, or is NULL */
    void (*place)(struct fit *f, struct fit_subject about, struct fit_pair pair,
                  const char *missing);
    void (*pooled)(struct fit *f, struct fit_subject about, const struct fit_pair *pairs,
                   size_t count);
};

/*
 * Compares every group with the reference (--reference, else all others added up) in every place
 * where it has a row: columns 0 and 1 are place and group, the next two to four the numbers.
 * ERR_USAGE: no row has the reference; ERR_INPUT: a place has a group twice, or a group is named
 * like the word for all others.
 */
bool fit_compare(struct fit *f, const struct fit_comparison *how, struct err *e);

#endif
