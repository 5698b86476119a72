/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit misclassified`: rate ratios corrected for groups perceived otherwise than people describe
 * themselves. A further column for each group holds the matrix: of those perceived as the row's
 * group, how many describe themselves as the column's.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/misclassified.h"

#include <string.h>

enum { GROUP, COUNT, EXPOSURE, FIRST_OF_MATRIX };

static const struct fit_column columns[] = {
    [GROUP] = {"group", FIT_FACTOR, false},
    [COUNT] = {"count", FIT_COUNT, false},
    [EXPOSURE] = {"exposure", FIT_AMOUNT, false},
};

static const struct fit_output figures[] = {
    {"corrected-count", "matrix"},
    {"observed-ratio", ""},
    {"corrected-ratio", "monte-carlo"},
};

static bool
check_rows(const struct fit_cells *c, struct err *e)
{
    if (c->rows > MISCLASSIFIED_MOST_GROUPS) {
        err_set(e, ERR_INPUT, "%zu groups: more than %d", c->rows, MISCLASSIFIED_MOST_GROUPS);
        return err_hint(e, "put groups together");
    }
    for (size_t r = 0; r < c->rows; r++)
        for (size_t other = 0; other < r; other++)
            if (strcmp(fit_cells_label(c, GROUP, r), fit_cells_label(c, GROUP, other)) == 0) {
                fit_cells_refuse(c, r, GROUP, "stands twice", e);
                return err_hint(e, "give one row for each group");
            }
    return true;
}

/* Fills matrix[row][column] from the columns that are named like the groups. */
static bool
read_matrix(struct fit *f, double *matrix, struct err *e)
{
    struct fit_cells *const c = f->cells;

    if (c->column_count - FIRST_OF_MATRIX != c->rows) {
        err_set(e, ERR_INPUT, "%zu groups, but %zu columns of the matrix", c->rows,
                c->column_count - FIRST_OF_MATRIX);
        return err_hint(e, "give one column for each group, named like it");
    }
    for (size_t s = 0; s < c->rows; s++) {
        const size_t column = fit_cells_column(c, fit_cells_label(c, GROUP, s));

        if (column == FIT_NO_COLUMN || column < FIRST_OF_MATRIX) {
            fit_cells_refuse(c, s, GROUP, "has no column of the matrix", e);
            return err_hint(e, "give one column for each group, named like it");
        }
        if (!fit_cells_as_real(f->arena, c, column, e))
            return false;
        for (size_t p = 0; p < c->rows; p++) {
            matrix[p * c->rows + s] = c->number[column][p];
            if (c->number[column][p] < 0) {
                fit_cells_refuse(c, p, column, "is negative", e);
                return err_hint(e, "the matrix counts people");
            }
        }
    }
    return true;
}

static size_t
find_reference(const struct fit *f, struct err *e)
{
    const struct fit_cells *const c = f->cells;
    const char *const wanted = f->options->reference;
    size_t g = 0;

    while (wanted && g < c->rows && strcmp(fit_cells_label(c, GROUP, g), wanted) != 0)
        g++;
    if (!wanted || strcmp(wanted, "others") == 0)
        return FIT_NO_ROW;
    if (g == c->rows) {
        err_set(e, ERR_USAGE, "no row has the group that --reference names");
        err_hint(e, "name a group of the column group, as it is spelled there");
    }
    return g;
}

static void
put_ratios(struct fit *f, const struct misclassified *m, size_t g, size_t reference)
{
    const struct fit_subject about = {
        .group = fit_cells_label(f->cells, GROUP, g),
        .reference =
            reference == FIT_NO_ROW ? "others" : fit_cells_label(f->cells, GROUP, reference)};
    struct rng rng = rng_stream((uint64_t)f->options->seed, (unsigned)g);
    double x0 = 0;
    double n0 = 0;

    for (size_t s = 0; s < m->groups; s++)
        if (s == reference || (reference == FIT_NO_ROW && s != g)) {
            x0 += m->count[s];
            n0 += m->exposure[s];
        }

    json_t *const observed = fit_figure(f, "observed-ratio", NULL, about);

    fit_put(observed, "value", m->count[g] / m->exposure[g] / (x0 / n0));
    fit_note(observed, "no exposure, or no events in the reference", NULL);

    json_t *const corrected = fit_figure(f, "corrected-ratio", "monte-carlo", about);

    fit_put_estimate(
        f, corrected,
        misclassified_ratio(m, g, reference, f->options->level, &rng,
                            arena_array(f->arena, MISCLASSIFIED_DRAWS, sizeof(double))));
    fit_note(corrected,
             misclassified_is_known(m) ? "no exposure, or no events in the reference"
                                       : "a perceived group with events has nobody in the matrix",
             NULL);
}

static void
put_counts(struct fit *f, const struct misclassified *m)
{
    double corrected[MISCLASSIFIED_MOST_GROUPS];
    const bool known = misclassified_is_known(m);

    misclassified_counts(m, corrected);
    for (size_t g = 0; g < m->groups; g++) {
        json_t *const figure =
            fit_figure(f, "corrected-count", "matrix",
                       (struct fit_subject){.group = fit_cells_label(f->cells, GROUP, g)});

        fit_put(figure, "value", known ? corrected[g] : NAN);
        fit_put(figure, "events", m->count[g]);
        fit_note(figure, "a perceived group with events has nobody in the matrix", NULL);
    }
}

static bool
run(struct fit *f, struct err *e)
{
    const struct fit_cells *const c = f->cells;

    if (!check_rows(c, e))
        return false;

    double *const matrix = arena_array(f->arena, c->rows * c->rows, sizeof *matrix);
    const struct misclassified m = {c->rows, c->number[COUNT], c->number[EXPOSURE], matrix};
    size_t reference;

    if (!read_matrix(f, matrix, e) || (reference = find_reference(f, e)) == c->rows)
        return false;
    put_counts(f, &m);
    for (size_t g = 0; g < c->rows; g++)
        if (g != reference)
            put_ratios(f, &m, g, reference);
    return true;
}

const struct fit_model fit_misclassified = {
    .name = "misclassified",
    .summary = "ratios corrected for groups perceived otherwise than people describe themselves",
    .layout = {FIT_LIST(columns),
               "a column for each group: of those perceived as the row's group, "
               "how many describe themselves as the column's",
               false, NULL},
    .options = FIT_READS(reference) | FIT_READS(level),
    FIT_FIGURES(figures),
    .run = run,
};
