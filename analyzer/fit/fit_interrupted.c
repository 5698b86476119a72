/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit interrupted`: what changed after a decision, beside the trend before it and beside places
 * without it. Which places are treated, and from when, is read from the column treated; --start
 * says when where the column cannot.
 */
#include "analyzer/fit/fit_frame.h"
#include "analyzer/fit/fit_months.h"
#include "analyzer/stat/interrupted.h"

enum { MONTH, TREATED, COUNT, EXPOSURE, PLACE };

static const struct fit_column columns[] = {
    [MONTH] = {"month", FIT_FACTOR, false}, [TREATED] = {"treated", FIT_COUNT, false},
    [COUNT] = {"count", FIT_COUNT, false},  [EXPOSURE] = {"exposure", FIT_AMOUNT, false},
    [PLACE] = {"place", FIT_FACTOR, true},
};

static const struct fit_output figures[] = {
    {"effect", "controlled, own-trend"},
    {"coefficient", "controlled, own-trend"},
    {"dispersion", "controlled, own-trend"},
    {"autocorrelation", "controlled, own-trend"},
};

/* With fewer before the start, the trend is mostly chance. */
enum { FEW_MONTHS = 8 };
enum { MOST_ROWS = 20000, MOST_PLACES = 1000 };

/* The file as places. */
struct reading {
    struct fit *fit;
    struct fit_months months;
    struct fit_factor place; /* without the column: one place, or one a value of treated */
    bool *is_treated;        /* of each place */
    long *since;             /* the first month with treated = 1 of each place */
    long start;
};

/* ---- places ---- */

static bool
is_flagged(const struct reading *r, size_t row)
{
    return r->fit->cells->number[TREATED][row] == 1;
}

/* Do both values of treated stand in one month? Then they are two series. */
static bool
has_both_at_once(const struct reading *r)
{
    const size_t rows = r->fit->cells->rows;
    bool(*const seen)[2] = arena_array(r->fit->arena, FIT_MOST_MONTHS, sizeof *seen);

    for (size_t i = 0; i < rows; i++) {
        bool *const month = seen[r->months.index[i] - r->months.first];

        month[is_flagged(r, i)] = true;
        if (month[0] && month[1])
            return true;
    }
    return false;
}

static void
number_places(struct reading *r)
{
    const struct fit_cells *const c = r->fit->cells;

    if (fit_cells_has(c, PLACE)) {
        r->place = fit_factor_of(r->fit->arena, c, PLACE, FIT_AS_READ);
        return;
    }

    const bool two = has_both_at_once(r);

    r->place = (struct fit_factor){
        .levels = two ? 2 : 1,
        .number = arena_array(r->fit->arena, c->rows, sizeof *r->place.number),
    };
    for (size_t i = 0; two && i < c->rows; i++)
        r->place.number[i] = is_flagged(r, i);
}

static bool
check_rows(const struct reading *r, struct err *e)
{
    const struct fit_cells *const c = r->fit->cells;

    for (size_t i = 0; i < c->rows; i++)
        if (c->number[TREATED][i] > 1) {
            fit_cells_refuse(c, i, TREATED, "is neither 0 nor 1", e);
            return err_hint(e, "1 where the decision holds (or will hold), 0 elsewhere");
        }
    if (c->rows > MOST_ROWS) {
        err_set(e, ERR_INPUT, "%zu rows: more than %d", c->rows, MOST_ROWS);
        return err_hint(e, "give fewer places, or add places up");
    }
    return true;
}

static bool
check_twice(const struct reading *r, struct err *e)
{
    const struct fit_cells *const c = r->fit->cells;
    bool *const seen = arena_array(r->fit->arena, r->place.levels * FIT_MOST_MONTHS, sizeof *seen);

    for (size_t i = 0; i < c->rows; i++) {
        bool *const at = &seen[r->place.number[i] * FIT_MOST_MONTHS +
                               (size_t)(r->months.index[i] - r->months.first)];

        if (*at) {
            fit_cells_refuse(
                c, i, MONTH,
                fit_cells_has(c, PLACE) ? "stands twice for this place" : "stands twice", e);
            return err_hint(e, fit_cells_has(c, PLACE)
                                   ? "give one row for each place and month: add them up"
                                   : "name the places in a column place, or add them up");
        }
        *at = true;
    }
    return true;
}

/* ---- the start ---- */

static void
find_treated(struct reading *r)
{
    r->is_treated = arena_array(r->fit->arena, r->place.levels, sizeof *r->is_treated);
    r->since = arena_array(r->fit->arena, r->place.levels, sizeof *r->since);
    for (size_t i = 0; i < r->fit->cells->rows; i++) {
        const size_t p = r->place.number[i];
        const long month = r->months.index[i];

        if (!is_flagged(r, i))
            continue;
        if (!r->is_treated[p] || month < r->since[p])
            r->since[p] = month;
        r->is_treated[p] = true;
    }
}

static bool
start_by_option(struct reading *r, struct err *e)
{
    if (!fit_month_option(&r->months, "start", r->fit->options->start, &r->start, e))
        return false;
    if (r->start > r->months.first && r->start <= r->months.last)
        return true;
    err_set(e, ERR_USAGE, "--start lies before the second month or after the last");
    return err_hint(e, "name the first month in which the decision held");
}

/* The first month with treated = 1, the same for all treated places. */
static bool
start_by_column(struct reading *r, struct err *e)
{
    size_t first = SIZE_MAX;

    for (size_t p = 0; p < r->place.levels; p++) {
        if (!r->is_treated[p])
            continue;
        first = first == SIZE_MAX ? p : first;
        if (r->since[p] != r->since[first]) {
            err_set(e, ERR_INPUT, "treated begins in different months");
            return err_hint(e, "give one decision at a time, or its first month by --start");
        }
    }
    r->start = r->since[first];
    if (r->start > r->months.first)
        return true;
    err_set(e, ERR_USAGE,
            "treated is 1 from the first month on: when the decision began is not "
            "known");
    return err_hint(e, "name its first month by --start");
}

static bool
check_stays_treated(const struct reading *r, struct err *e)
{
    for (size_t i = 0; i < r->fit->cells->rows; i++)
        if (r->is_treated[r->place.number[i]] && r->months.index[i] >= r->start &&
            !is_flagged(r, i)) {
            fit_cells_refuse(r->fit->cells, i, TREATED, "is 0 after the start", e);
            return err_hint(e, "leave out the months after a decision has ended");
        }
    return true;
}

static bool
find_start(struct reading *r, struct err *e)
{
    size_t p = 0;

    find_treated(r);
    while (p < r->place.levels && !r->is_treated[p])
        p++;
    if (p == r->place.levels) {
        err_set(e, ERR_INPUT, "no row has treated = 1");
        return err_hint(e, "1 where the decision holds (or will hold), 0 elsewhere");
    }
    return (r->fit->options->start ? start_by_option(r, e) : start_by_column(r, e)) &&
           check_stays_treated(r, e);
}

static bool
read_rows(struct reading *r, struct err *e)
{
    if (!check_rows(r, e) || !fit_months_of(r->fit, MONTH, &r->months, e))
        return false;
    number_places(r);
    if (r->place.levels > MOST_PLACES) {
        err_set(e, ERR_INPUT, "%zu places: more than %d", r->place.levels, MOST_PLACES);
        return err_hint(e, "give fewer places, or add places up");
    }
    return check_twice(r, e) && find_start(r, e);
}

/* Rows with exposure, as the fit takes them; the others are gaps. */
static struct interrupted_data
data_of(const struct reading *r)
{
    const struct fit_cells *const c = r->fit->cells;
    struct arena *const a = r->fit->arena;
    double *const count = arena_array(a, c->rows, sizeof *count);
    double *const exposure = arena_array(a, c->rows, sizeof *exposure);
    size_t *const place = arena_array(a, c->rows, sizeof *place);
    long *const month = arena_array(a, c->rows, sizeof *month);
    bool *const treated = arena_array(a, c->rows, sizeof *treated);
    size_t n = 0;

    for (size_t i = 0; i < c->rows; i++) {
        count[n] = c->number[COUNT][i];
        exposure[n] = c->number[EXPOSURE][i];
        place[n] = r->place.number[i];
        month[n] = r->months.index[i];
        treated[n] = r->is_treated[r->place.number[i]];
        n += exposure[n] > 0;
    }
    return (struct interrupted_data){n,     count,   exposure,        place,
                                     month, treated, r->place.levels, r->start};
}

/* ---- figures ---- */

static const char *
method_of(const struct interrupted *fit)
{
    return fit->controlled ? "controlled" : "own-trend";
}

static const char *
why_not(const struct interrupted *fit)
{
    const enum glm_state states[] = {fit->trend_state, fit->change_state, fit->slope_state};
    const char *why = fit_why_not(fit->status, GLM_ESTIMATED);

    for (size_t i = 0; !why && i < 3; i++)
        if (states[i] == GLM_INFINITE)
            why = fit_why_not(fit->status, GLM_INFINITE);
    for (size_t i = 0; !why && i < 3; i++)
        if (states[i] == GLM_ALIASED)
            why = "too few months before or after the start, or no control in them";
    return why;
}

static void
put_effect(struct fit *f, const struct interrupted *fit, long months, const char *why)
{
    const struct fit_subject about = {.term = arena_printf(f->arena, "%ld months", months)};
    const struct interrupted_effect effect = interrupted_effect(fit, months, f->options->level);
    json_t *const figure = fit_figure(f, "effect", method_of(fit), about);
    const char *const few = fit->before < FEW_MONTHS
                                ? "fewer than 8 months before the start: the trend is uncertain"
                                : NULL;

    fit_put_estimate(f, figure, effect.ratio);
    fit_put(figure, "se", effect.se_log);
    fit_put(figure, "statistic", effect.test.statistic);
    fit_put(figure, "df", effect.test.df);
    fit_put(figure, "p", effect.test.p);
    fit_note(figure,
             why                  ? why
             : months > fit->last ? "the months since the start are fewer"
                                  : "as many coefficients as rows: the dispersion is not defined",
             few);
}

static void
put_coefficient(struct fit *f, const struct interrupted *fit, const char *term, double value,
                double variance, const char *why)
{
    json_t *const figure =
        fit_figure(f, "coefficient", method_of(fit), (struct fit_subject){.term = term});

    fit_put_wald(f, figure, why ? NAN : value, why ? NAN : sqrt(variance), fit->df);
    fit_note(figure, why ? why : "as many coefficients as rows: the dispersion is not defined",
             NULL);
}

static void
put_number(struct fit *f, const struct interrupted *fit, const char *name, double value,
           const char *why, const char *otherwise)
{
    json_t *const figure = fit_figure(f, name, method_of(fit), (struct fit_subject){0});

    fit_put(figure, "value", value);
    fit_note(figure, why, otherwise);
}

static void
put_figures(const struct reading *r, const struct interrupted *fit)
{
    static const char over[] = "no degrees of freedom are left";
    struct fit *const f = r->fit;
    const char *const why = why_not(fit);
    const double usual = 2 / sqrt(fit->df);

    put_effect(f, fit, 3, why);
    put_effect(f, fit, 6, why);
    put_coefficient(f, fit, "trend-before", fit->trend, fit->trend_variance, why);
    put_coefficient(f, fit, "level-change", fit->change, fit->change_variance, why);
    put_coefficient(f, fit, "slope-change", fit->slope, fit->slope_variance, why);
    put_number(f, fit, "dispersion", fit->dispersion, why ? why : over, NULL);
    put_number(f, fit, "autocorrelation", fit->autocorrelation, why ? why : over,
               fit->autocorrelation > usual ? "neighbouring months go together: the intervals are "
                                              "too narrow"
                                            : NULL);
    fit_put(f->diagnostics, "months_before", (double)fit->before);
    fit_put(f->diagnostics, "months_after", (double)fit->after);
    fit_put(f->diagnostics, "places", (double)r->place.levels);
    f->converged = fit->status == GLM_CONVERGED;
}

static bool
run(struct fit *f, struct err *e)
{
    struct reading r = {.fit = f};
    struct interrupted fit;

    if (!read_rows(&r, e))
        return false;

    const struct interrupted_data data = data_of(&r);

    if (data.rows == 0) {
        err_set(e, ERR_INPUT, "no row has an exposure over 0");
        return err_hint(e, "exposure is what the counts are in proportion to: residents, days");
    }
    if (!interrupted_fit(f->arena, &data, &fit, e))
        return false;
    put_figures(&r, &fit);
    fit_put(f->diagnostics, "rows_left_out", (double)(f->cells->rows - data.rows));
    return true;
}

const struct fit_model fit_interrupted = {
    .name = "interrupted",
    .summary = "what changed 3 and 6 months after a decision, beside control places",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_READS(level) | FIT_READS(start),
    FIT_FIGURES(figures),
    .run = run,
};
