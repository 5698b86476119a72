/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit chart`: monthly counts per place and group as control charts, with thresholds that leave a
 * city in control in peace. A month without a row, or without exposure, is a gap: a figure that
 * marks it, and no number.
 */
#include "analyzer/fit/fit_months.h"
#include "analyzer/stat/chart.h"

#include <stdlib.h>

enum { MONTH, COUNT, EXPOSURE, N, PLACE, GROUP };

static const struct fit_column columns[] = {
    [MONTH] = {"month", FIT_FACTOR, false},      [COUNT] = {"count", FIT_COUNT, false},
    [EXPOSURE] = {"exposure", FIT_AMOUNT, true}, [N] = {"n", FIT_COUNT, true},
    [PLACE] = {"place", FIT_FACTOR, true},       [GROUP] = {"group", FIT_FACTOR, true},
};

static const struct fit_output figures[] = {
    {"centre", "u, p"},
    {"laney-sigma", "u, p"},
    {"limits", "u, u-exact, u-laney, p, p-exact, p-laney"},
    {"cusum", "up, down"},
    {"ewma-ratio", "gamma"},
    {"gap", ""},
    {"threshold", "cusum, ewma"},
    {"run-length", "cusum, ewma"},
    {"alarm", "limits, cusum-up, cusum-down, ewma"},
};

/* Simulated cities: as many as this many draws allow, within bounds. */
static const double MOST_DRAWS = 4e7;
enum {
    MOST_CITIES = 2000,
    LEAST_CITIES = 200,
    MOST_LINES = 5000,
    HORIZONS = 5, /* run lengths are cut off at this many times the wanted one */
    MOST_RUN_LENGTH = 600
};

/* One place and group. */
struct line {
    struct fit_subject about;
    struct chart_series series;
    long first; /* its first month */
    double centre, laney, dispersion;
};

struct charts {
    struct fit *fit;
    enum chart_kind kind;
    size_t size_column, baseline;
    struct fit_months months;
    struct line *line;
    size_t lines;
    struct chart_watch watch;
    struct chart_budgets budgets;
    struct rate_class *classes; /* room for the weighted ratio */
};

/* ---- reading ---- */

struct entry {
    size_t place, group, row;
    long month;
};

static int
by_line_and_month(const void *left, const void *right)
{
    const struct entry *const a = left;
    const struct entry *const b = right;

    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    return (a->month > b->month) - (a->month < b->month);
}

static bool
is_same_line(const struct entry *a, const struct entry *b)
{
    return a->place == b->place && a->group == b->group;
}

static const size_t *
numbers_of(struct fit *f, size_t column)
{
    return fit_cells_has(f->cells, column)
               ? fit_factor_of(f->arena, f->cells, column, FIT_AS_READ).number
               : NULL;
}

static const struct entry *
sorted_rows(const struct charts *c)
{
    struct fit *const f = c->fit;
    const size_t *const place = numbers_of(f, PLACE);
    const size_t *const group = numbers_of(f, GROUP);
    struct entry *const list = arena_array(f->arena, f->cells->rows, sizeof *list);

    for (size_t r = 0; r < f->cells->rows; r++)
        list[r] = (struct entry){place ? place[r] : 0, group ? group[r] : 0, r, c->months.index[r]};
    qsort(list, f->cells->rows, sizeof *list, by_line_and_month);
    return list;
}

static bool
check_rows(const struct charts *c, const struct entry *rows, struct err *e)
{
    const struct fit_cells *const cells = c->fit->cells;

    for (size_t i = 1; i < cells->rows; i++)
        if (is_same_line(&rows[i - 1], &rows[i]) && rows[i - 1].month == rows[i].month) {
            fit_cells_refuse(cells, rows[i].row, MONTH, "stands twice for this place and group", e);
            return err_hint(e, "give one row for each month: add them up");
        }
    return c->kind != CHART_SHARE ||
           fit_cells_part_of(cells, COUNT, N,
                             "count are those of the n; a rate has a column exposure instead", e);
}

/* The rows from `rows` to `end` as one line, with gaps where months are missing. */
static struct line
line_of(const struct charts *c, const struct entry *rows, const struct entry *end)
{
    const struct fit_cells *const cells = c->fit->cells;
    const size_t months = (size_t)(end[-1].month - rows->month) + 1;
    struct chart_month *const month = arena_array(c->fit->arena, months, sizeof *month);

    for (const struct entry *r = rows; r < end; r++)
        month[r->month - rows->month] = (struct chart_month){cells->number[COUNT][r->row],
                                                             cells->number[c->size_column][r->row]};

    const struct chart_series series = {c->kind, month, months};
    const double centre = chart_centre(&series, c->baseline);
    const double laney = chart_laney(&series, centre, c->baseline);

    return (struct line){
        .about = {.place = fit_cells_label(cells, PLACE, rows->row),
                  .group = fit_cells_label(cells, GROUP, rows->row)},
        .series = series,
        .first = rows->month,
        .centre = centre,
        .laney = laney,
        .dispersion = chart_dispersion(laney),
    };
}

static bool
read_lines(struct charts *c, struct err *e)
{
    const size_t rows = c->fit->cells->rows;
    const struct entry *const sorted = sorted_rows(c);
    size_t from = 0;

    if (!check_rows(c, sorted, e))
        return false;
    c->line = arena_array(c->fit->arena, rows, sizeof *c->line);
    for (size_t i = 1; i <= rows; i++)
        if (i == rows || !is_same_line(&sorted[i], &sorted[from])) {
            c->line[c->lines++] = line_of(c, sorted + from, sorted + i);
            from = i;
        }
    if (c->lines > MOST_LINES) {
        err_set(e, ERR_INPUT, "%zu places and groups: more than %d", c->lines, MOST_LINES);
        return err_hint(e, "split the file by place");
    }
    return true;
}

/* ---- thresholds ---- */

/* Sizes of the months that are no gaps. */
static struct chart_control
control_of(struct arena *a, const struct line *l)
{
    double *const size = arena_array(a, l->series.months, sizeof *size);
    const size_t count = chart_sizes(&l->series, size);

    return (struct chart_control){l->series.kind, l->centre, l->dispersion, size, count};
}

static void
simulate(struct charts *c)
{
    struct arena *const a = arena_child(c->fit->arena);
    const struct fit_options *const o = c->fit->options;
    const double wanted = (double)o->run_length;
    const double room = MOST_DRAWS / (double)c->lines / (wanted * HORIZONS);
    const struct chart_simulation how = {
        .watch = c->watch,
        .run_length = wanted,
        .cities = (size_t)fmax(LEAST_CITIES, fmin(MOST_CITIES, room)),
        .horizon = (size_t)o->run_length * HORIZONS,
    };
    struct chart_control *const control = arena_array(a, c->lines, sizeof *control);
    struct rng rng = rng_stream((uint64_t)o->seed, 0);

    for (size_t l = 0; l < c->lines; l++)
        control[l] = control_of(a, &c->line[l]);
    c->budgets = chart_simulate(control, c->lines, &how, &rng,
                                arena_array(a, chart_simulate_work(&how), sizeof(double)));
    fit_put(c->fit->diagnostics, "cities", (double)how.cities);
    fit_put(c->fit->diagnostics, "series", (double)c->lines);
    arena_free(a);
}

static void
put_budget(struct fit *f, const char *method, struct chart_budget b)
{
    json_t *const threshold = fit_figure(f, "threshold", method, (struct fit_subject){0});
    json_t *const length = fit_figure(f, "run-length", method, (struct fit_subject){0});

    fit_put(threshold, "value", b.threshold);
    fit_note(threshold, "no series has events", NULL);
    fit_put(length, "value", b.run_length);
    fit_put(length, "se", b.se);
    fit_note(length, "no series has events",
             "simulated months to the first alarm of all series together, all in control");
}

/* ---- figures ---- */

static const char *
why_no_limits(const struct line *l)
{
    return isnan(l->centre) ? "no month of the baseline has a size over 0"
           : l->centre == 0 ? "no events in the baseline"
                            : "everybody has the outcome in the baseline";
}

static void
put_line(const struct charts *c, const struct line *l)
{
    const char *const method = c->kind == CHART_SHARE ? "p" : "u";
    json_t *const centre = fit_figure(c->fit, "centre", method, l->about);
    json_t *const laney = fit_figure(c->fit, "laney-sigma", method, l->about);

    fit_put(centre, "value", l->centre);
    fit_note(centre, why_no_limits(l), NULL);
    fit_put(laney, "value", l->laney);
    fit_note(laney,
             l->centre > 0 && !(c->kind == CHART_SHARE && l->centre == 1)
                 ? "no two neighbouring months in the baseline"
                 : why_no_limits(l),
             l->laney > 1 ? "more scatter than by chance: alarms use Laney's limits" : NULL);
}

static void
put_alarm(const struct charts *c, struct fit_subject about, const char *method, double value,
          const char *note)
{
    json_t *const alarm = fit_figure(c->fit, "alarm", method, about);

    fit_put(alarm, "value", value);
    fit_note(alarm, NULL, note);
}

static void
put_limits(const struct charts *c, const struct line *l, struct fit_subject about,
           struct chart_month m)
{
    static const char *const names[2][3] = {{"u", "u-exact", "u-laney"},
                                            {"p", "p-exact", "p-laney"}};
    const double sigma = c->fit->options->sigma;
    const struct interval limits[3] = {
        chart_limits(c->kind, l->centre, m.size, sigma, 1),
        chart_limits_exact(c->kind, l->centre, m.size, sigma),
        chart_limits(c->kind, l->centre, m.size, sigma, l->laney),
    };
    const struct interval used = limits[l->laney > 1 ? 2 : 1];
    const double value = m.count / m.size;

    for (size_t i = 0; i < 3; i++) {
        json_t *const figure =
            fit_figure(c->fit, "limits", names[c->kind == CHART_SHARE][i], about);

        fit_put(figure, "value", value);
        fit_put(figure, "lower", limits[i].lower);
        fit_put(figure, "upper", limits[i].upper);
        fit_put(figure, "events", m.count);
        fit_put(figure, "n", m.size);
        fit_note(figure,
                 isnan(l->centre) ? why_no_limits(l) : "no two neighbouring months in the baseline",
                 NULL);
    }
    if (value > used.upper || value < used.lower)
        put_alarm(c, about, "limits", value,
                  value > used.upper ? "above the upper limit" : "below the lower limit");
}

static void
put_cusum(const struct charts *c, struct fit_subject about, bool up, struct chart_cusum side)
{
    const double threshold = c->budgets.cusum.threshold;
    json_t *const figure = fit_figure(c->fit, "cusum", up ? "up" : "down", about);

    fit_put(figure, "value", side.value);
    fit_put(figure, "upper", threshold);
    fit_put(figure, "n", (double)side.run);
    fit_note(figure, "no events in the baseline",
             side.run > 0 ? "n counts the months since it was 0" : NULL);
    if (side.value > threshold)
        put_alarm(c, about, up ? "cusum-up" : "cusum-down", side.value,
                  up ? "has risen" : "has fallen");
}

static void
put_weighted(const struct charts *c, const struct line *l, struct fit_subject about,
             const struct chart_ewma *weighted, size_t month)
{
    const double level = c->fit->options->level;
    const double z = chart_ewma_z(weighted);
    const struct estimate ratio = chart_ewma_ratio(&l->series, l->centre, l->dispersion,
                                                   c->watch.weight, month, level, c->classes);
    json_t *const figure = fit_figure(c->fit, "ewma-ratio", "gamma", about);

    fit_put_estimate(c->fit, figure, ratio);
    fit_put(figure, "statistic", z);
    fit_note(figure, "no events in the baseline", NULL);
    if (fabs(z) > c->budgets.ewma.threshold)
        put_alarm(c, about, "ewma", z, z > 0 ? "has risen" : "has fallen");
}

static void
put_gap(const struct charts *c, struct fit_subject about, struct chart_month m)
{
    fit_note(fit_figure(c->fit, "gap", NULL, about), NULL,
             m.count > 0 ? "a count without exposure: left out"
                         : "nothing registered here: left out");
}

static void
put_months(const struct charts *c, const struct line *l)
{
    const bool charted = l->centre > 0 && !(c->kind == CHART_SHARE && l->centre == 1);
    struct chart_cusum up = {0};
    struct chart_cusum down = {0};
    struct chart_ewma weighted = {0};

    for (size_t i = 0; i < l->series.months; i++) {
        const struct chart_month m = l->series.month[i];
        struct fit_subject about = l->about;

        about.term = fit_month_name(c->fit->arena, &c->months, l->first + (long)i);
        chart_ewma_step(&weighted, c->kind, l->centre, m, c->watch.weight, l->dispersion);
        if (chart_is_gap(m)) {
            put_gap(c, about, m);
            continue;
        }
        put_limits(c, l, about, m);
        if (!charted)
            continue;
        chart_cusum_step(&up,
                         chart_increment(c->kind, l->centre, m, c->watch.shift, l->dispersion));
        chart_cusum_step(&down,
                         chart_increment(c->kind, l->centre, m, 1 / c->watch.shift, l->dispersion));
        put_cusum(c, about, true, up);
        put_cusum(c, about, false, down);
        put_weighted(c, l, about, &weighted, i);
    }
}

/* ---- the model ---- */

static bool
refuse_option(struct err *e, const char *what, const char *usual)
{
    err_set(e, ERR_USAGE, "%s", what);
    return err_hint(e, "%s is usual", usual);
}

static bool
check_options(const struct fit_options *o, struct err *e)
{
    if (!(o->sigma > 0 && o->sigma <= 8))
        return refuse_option(e, "--sigma must lie between 0 and 8", "3");
    if (!(o->shift > 1 && o->shift <= 100))
        return refuse_option(e, "--shift must be over 1, and 100 at most", "1.25");
    if (!(o->weight > 0 && o->weight <= 1))
        return refuse_option(e, "--weight must be over 0, and 1 at most", "0.2");
    if (o->run_length < 1 || o->run_length > MOST_RUN_LENGTH)
        return refuse_option(e, "--run-length must lie between 1 and 600 months", "60");
    if (o->baseline < 0 || o->baseline > FIT_MOST_MONTHS)
        return refuse_option(e, "--baseline must be 0 (all) or a number of months", "12");
    return true;
}

static bool
run(struct fit *f, struct err *e)
{
    const bool rate = f->cells->number[EXPOSURE] != NULL;
    struct charts *const c = arena_alloc(f->arena, sizeof *c);

    if (!check_options(f->options, e))
        return false;
    if (rate == (f->cells->number[N] != NULL)) {
        err_set(e, ERR_INPUT, "line 1: either exposure or n must be there, and not both");
        return err_hint(e, "exposure makes a chart of rates, n one of shares");
    }
    *c = (struct charts){
        .fit = f,
        .kind = rate ? CHART_RATE : CHART_SHARE,
        .size_column = rate ? EXPOSURE : N,
        .baseline = (size_t)f->options->baseline,
        .watch = {f->options->shift, f->options->weight},
    };
    if (!fit_months_of(f, MONTH, &c->months, e) || !read_lines(c, e))
        return false;
    c->classes = arena_array(f->arena, FIT_MOST_MONTHS, sizeof *c->classes);
    simulate(c);
    for (size_t l = 0; l < c->lines; l++) {
        put_line(c, &c->line[l]);
        put_months(c, &c->line[l]);
    }
    put_budget(f, "cusum", c->budgets.cusum);
    put_budget(f, "ewma", c->budgets.ewma);
    return true;
}

const struct fit_model fit_chart = {
    .name = "chart",
    .summary = "control charts of monthly rates or shares, with an alarm budget",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_READS(level) | FIT_READS(baseline) | FIT_READS(sigma) | FIT_READS(shift) |
               FIT_READS(weight) | FIT_READS(run_length),
    FIT_FIGURES(figures),
    .run = run,
};
