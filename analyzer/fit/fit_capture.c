/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit capture`: how many stops there were when two or three linked lists each miss some, and how
 * many of them the first list has. Rows are patterns: on a, on b, on c (1 or 0), and how many.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/capture.h"

enum { PLACE, A, B, C, N };

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_FACTOR, true}, [A] = {"a", FIT_COUNT, false},
    [B] = {"b", FIT_COUNT, false},         [C] = {"c", FIT_COUNT, true},
    [N] = {"n", FIT_COUNT, false},
};

static const struct fit_output figures[] = {
    {"total", "chapman, independent, ab, ac, bc, ab+ac, ab+bc, ac+bc, ab+ac+bc, best"},
    {"coverage", "chapman, best"},
};

static const struct {
    int model;
    const char *name;
} models[CAPTURE_MODELS] = {
    {0, "independent"},
    {CAPTURE_AB, "ab"},
    {CAPTURE_AC, "ac"},
    {CAPTURE_BC, "bc"},
    {CAPTURE_AB | CAPTURE_AC, "ab+ac"},
    {CAPTURE_AB | CAPTURE_BC, "ab+bc"},
    {CAPTURE_AC | CAPTURE_BC, "ac+bc"},
    {CAPTURE_AB | CAPTURE_AC | CAPTURE_BC, "ab+ac+bc"},
};

static const char no_maximum[] = "a list or an overlap that the model needs is empty";

static bool
check_cells(const struct fit_cells *c, struct err *e)
{
    static const size_t lists[] = {A, B, C};

    for (size_t r = 0; r < c->rows; r++) {
        double on = 0;

        for (size_t i = 0; i < 3; i++) {
            if (!c->number[lists[i]])
                continue;
            if (c->number[lists[i]][r] > 1) {
                fit_cells_refuse(c, r, lists[i], "is neither 0 nor 1", e);
                return err_hint(e, "1: on this list, 0: not; how many there are goes into n");
            }
            on += c->number[lists[i]][r];
        }
        if (on == 0) {
            fit_cells_refuse(c, r, A, "and the other lists are all 0", e);
            return err_hint(e, "who is on no list is what is estimated: leave that row out");
        }
    }
    return true;
}

/* Adds the rows of a place up by pattern. */
static void
tally(const struct fit_cells *c, const struct fit_factor *place, size_t p, double seen[8])
{
    for (size_t i = 0; i < 8; i++)
        seen[i] = 0;
    for (size_t r = 0; r < c->rows; r++) {
        const double third = c->number[C] ? c->number[C][r] : 0;

        if (!place || place->number[r] == p)
            seen[(size_t)(c->number[A][r] + 2 * c->number[B][r] + 4 * third)] += c->number[N][r];
    }
}

static void
put_capture(struct fit *f, const char *method, struct fit_subject about, struct capture c,
            const struct capture_three *three, const char *otherwise)
{
    json_t *const figure = fit_figure(f, "total", method, about);

    fit_put_estimate(f, figure, c.total);
    fit_put(figure, "se", c.se);
    fit_put(figure, "n", c.seen);
    if (three) {
        fit_put(figure, "statistic", three->deviance);
        fit_put(figure, "df", three->df);
        fit_put(figure, "aic", three->aic);
    }
    fit_note(figure, three ? no_maximum : "no list has anything on it", otherwise);
}

/* What list a has of all. */
static void
put_coverage(struct fit *f, const char *method, struct fit_subject about, double on_a,
             struct estimate total)
{
    json_t *const figure = fit_figure(f, "coverage", method, about);

    fit_put_estimate(f, figure,
                     (struct estimate){on_a / total.value, on_a / total.upper, on_a / total.lower});
    fit_put(figure, "events", on_a);
    fit_note(figure, no_maximum, "share of all that list a has");
}

static void
put_two(struct fit *f, struct fit_subject about, const double seen[8])
{
    const double n1 = seen[1] + seen[3];
    struct capture c = capture_chapman(n1, seen[2] + seen[3], seen[3], f->options->level);

    if (c.seen == 0)
        c = (struct capture){ESTIMATE_UNDEFINED, NAN, 0};
    put_capture(f, "chapman", about, c, NULL, NULL);
    put_coverage(f, "chapman", about, n1, c.total);
}

static void
put_three(struct fit *f, struct fit_subject about, const double seen[8])
{
    const struct capture_three nothing = {
        {ESTIMATE_UNDEFINED, NAN,
         seen[1] + seen[2] + seen[3] + seen[4] + seen[5] + seen[6] + seen[7]},
        NAN,
        NAN,
        NAN};
    struct capture_three best = nothing;
    const char *name = NULL;

    for (size_t i = 0; i < CAPTURE_MODELS; i++) {
        struct capture_three m = nothing;

        if (!capture_loglinear(f->arena, seen, models[i].model, f->options->level, &m))
            m = nothing;
        put_capture(f, models[i].name, about, m.of, &m, NULL);
        if (m.aic < best.aic || isnan(best.aic)) {
            best = m;
            name = isnan(m.aic) ? NULL : models[i].name;
        }
    }
    put_capture(f, "best", about, best.of, &best,
                name ? arena_printf(f->arena, "least AIC: %s", name) : NULL);
    put_coverage(f, "best", about, seen[1] + seen[3] + seen[5] + seen[7], best.of.total);
}

static void
put_place(struct fit *f, const struct fit_factor *place, size_t p)
{
    const struct fit_subject about = {.place = place ? place->level[p] : NULL};
    double seen[8];

    tally(f->cells, place, p, seen);
    if (f->cells->number[C])
        put_three(f, about, seen);
    else
        put_two(f, about, seen);
}

static bool
run(struct fit *f, struct err *e)
{
    if (!check_cells(f->cells, e))
        return false;
    if (!fit_cells_has(f->cells, PLACE)) {
        put_place(f, NULL, 0);
        return true;
    }

    const struct fit_factor place = fit_factor_of(f->arena, f->cells, PLACE, FIT_AS_READ);

    if (place.levels > FIT_MOST_GROUPS) {
        err_set(e, ERR_INPUT, "more than %d places", FIT_MOST_GROUPS);
        return err_hint(e, "split the file by place");
    }
    for (size_t p = 0; p < place.levels; p++)
        put_place(f, &place, p);
    return true;
}

const struct fit_model fit_capture = {
    .name = "capture",
    .summary = "how many there were, from two or three linked lists that each miss some",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_READS(level),
    FIT_FIGURES(figures),
    .run = run,
};
