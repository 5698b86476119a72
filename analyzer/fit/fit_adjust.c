/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit adjust`: what many tests at once leave standing. q reads p; the local false discovery rate
 * reads z. Both in the order of the file, row number in n.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/local_fdr.h"
#include "analyzer/stat/multiplicity.h"

enum { PLACE, GROUP, Z, P };

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_FACTOR, true},
    [GROUP] = {"group", FIT_FACTOR, true},
    [Z] = {"z", FIT_REAL, true},
    [P] = {"p", FIT_AMOUNT, true},
};

static const struct fit_output figures[] = {
    {"q", "benjamini-hochberg"},
    {"local-fdr", "central-matching"},
};

static const char *const reasons[] = {
    [LOCAL_FDR_DONE] = NULL,
    [LOCAL_FDR_TOO_FEW] = "fewer than 100 z values",
    [LOCAL_FDR_NO_WIDTH] = "the z values are all alike",
    [LOCAL_FDR_NO_FIT] = "the density of the z values could not be fitted",
    [LOCAL_FDR_NO_PEAK] = "the middle of the z values is not bell-shaped",
};

static struct fit_subject
subject_of(const struct fit_cells *c, size_t r)
{
    return (struct fit_subject){.place = fit_cells_label(c, PLACE, r),
                                .group = fit_cells_label(c, GROUP, r)};
}

static bool
check_cells(const struct fit_cells *c, struct err *e)
{
    if (!c->number[Z] && !c->number[P]) {
        err_set(e, ERR_INPUT, "line 1: there is neither a column z nor a column p");
        return err_hint(e, "give z, p or both");
    }
    for (size_t r = 0; c->number[P] && r < c->rows; r++)
        if (c->number[P][r] > 1) {
            fit_cells_refuse(c, r, P, "is larger than 1", e);
            return err_hint(e, "p is a probability");
        }
    return true;
}

static void
put_q(struct fit *f)
{
    const struct fit_cells *const c = f->cells;
    double *const q = arena_array(f->arena, c->rows, sizeof *q);
    size_t *const order = arena_array(f->arena, c->rows, sizeof *order);

    for (size_t r = 0; r < c->rows; r++)
        q[r] = c->number[P] ? c->number[P][r]
                            : 2 * dist_normal_p(fabs(c->number[Z][r]), 0, 1, DIST_UPPER);
    multiplicity_q(q, c->rows, order, q);
    for (size_t r = 0; r < c->rows; r++) {
        json_t *const figure = fit_figure(f, "q", "benjamini-hochberg", subject_of(c, r));

        fit_put(figure, "n", (double)(r + 1));
        fit_put(figure, "value", q[r]);
        fit_note(figure, NULL, c->number[P] ? NULL : "p is two-sided, from z");
    }
}

static void
put_local_fdr(struct fit *f)
{
    const struct fit_cells *const c = f->cells;
    double *const fdr = arena_array(f->arena, c->rows, sizeof *fdr);
    struct local_fdr_null null = {NAN, NAN, NAN};
    const char *why = "there is no column z: the sign is not known";

    for (size_t r = 0; r < c->rows; r++)
        fdr[r] = NAN;
    if (c->number[Z])
        why = reasons[local_fdr(f->arena, c->number[Z], c->rows, fdr, &null)];
    for (size_t r = 0; r < c->rows; r++) {
        json_t *const figure = fit_figure(f, "local-fdr", "central-matching", subject_of(c, r));

        fit_put(figure, "n", (double)(r + 1));
        fit_put(figure, "value", fdr[r]);
        fit_note(figure, why, NULL);
    }
    fit_put(f->diagnostics, "null_mean", null.mean);
    fit_put(f->diagnostics, "null_sd", null.sd);
    fit_put(f->diagnostics, "null_share", null.share);
}

static bool
run(struct fit *f, struct err *e)
{
    if (!check_cells(f->cells, e))
        return false;
    put_q(f);
    put_local_fdr(f);
    return true;
}

const struct fit_model fit_adjust = {
    .name = "adjust",
    .summary = "many tests at once: q of p, local false discovery rate of z",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    FIT_FIGURES(figures),
    .run = run,
};
