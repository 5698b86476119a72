/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Month by month: has the rate of stops of a group (24 months, per resident), or of its searches
 * (twelve), risen in the city or in a place? `chart` is the last month beside its own past, `cusum`
 * what has piled up since, with an alarm threshold that leaves a whole city in control in peace for
 * five years on average. One perspective. A month without registration is a gap: it moves nothing.
 * Season is not taken out.
 */
#include "analyzer/measure/exposure.h"
#include "analyzer/measure/residents.h"
#include "analyzer/measure/sampled.h"
#include "analyzer/stat/chart.h"
#include "analyzer/stat/dist.h"

#include <math.h>
#include <string.h>

enum {
    BASELINE_LEAST = 6, /* months */
    CITIES = 200,       /* simulated */
    RUN_LENGTH = 60,    /* months wanted to the first alarm of a city in control */
    HORIZON = 5 * RUN_LENGTH,
    KINDS = 2
};

static const double SIGMA = 3;
static const struct chart_watch WATCH = {.shift = 1.25, .weight = 0.2};

/* What is charted. A size of SUM_COUNT: residents. */
static const struct kind {
    const char *term;
    enum chart_kind kind;
    enum sum count, size;
    enum feature feature;
    unsigned first; /* month */
    double scale;
    const char *chart, *cusum; /* methods */
} kinds[KINDS] = {
    {"stop", CHART_RATE, SUM_persons, SUM_COUNT, FEATURE_STOPS, 0, 1000, "u", "poisson"},
    {"search", CHART_SHARE, SUM_searched, SUM_search_known, FEATURE_SEARCH, CELLS_MONTHS - 12, 1,
     "p", "binomial"},
};

/* One group in one place. */
struct line {
    const struct kind *kind;
    struct chart_series series;
    size_t baseline, used; /* months that are no gap */
    size_t counted;        /* months that were registered, the group stopped in them or not */
    size_t silent;         /* months that are gaps because units there fell silent */
    double centre, laney, dispersion;
    bool coarse;  /* the last month is not to be told from the sums */
    size_t cusum; /* its figure */
};

struct charts {
    struct line *line;
    size_t count;
    struct rng rng;
    double threshold;
};

/* ---- series ---------------------------------------------------------------------------------- */

/* A gap is a gap whether the whole city has it or only those who work there. */
static bool
is_counted(const struct measure *m, const struct frame *f, const struct kind *k, unsigned month)
{
    return months_count(m->months, month, k->feature, f->perspective) &&
           !months_silent(m->months, month, f->place);
}

static struct chart_month
month_of(const struct measure *m, const struct frame *f, const struct kind *k, unsigned month)
{
    if (!is_counted(m, f, k, month))
        return (struct chart_month){NAN, NAN};
    if (k->size == SUM_COUNT)
        return (struct chart_month){residents_persons_of_month(m, month, f, f->group),
                                    exposure_mean(m->residents, f->place, f->group)};
    return (struct chart_month){
        months_sum(m->months, month, f->place, f->perspective, f->group, k->count),
        months_sum(m->months, month, f->place, f->perspective, f->group, k->size)};
}

static struct line
line_of(const struct measure *m, const struct frame *f, const struct kind *k)
{
    const size_t months = CELLS_MONTHS - k->first;
    struct chart_month *const month = arena_array(m->arena, months, sizeof *month);
    struct line l = {.kind = k, .series = {k->kind, month, months}};

    for (unsigned i = 0; i < months; i++) {
        month[i] = month_of(m, f, k, k->first + i);
        l.counted += is_counted(m, f, k, k->first + i);
        l.silent += months_count(m->months, k->first + i, k->feature, f->perspective) &&
                    months_silent(m->months, k->first + i, f->place);
        l.used += !chart_is_gap(month[i]);
        l.baseline += i < months / 2 && !chart_is_gap(month[i]);
    }
    l.baseline = l.baseline < BASELINE_LEAST ? BASELINE_LEAST : l.baseline;
    l.centre = chart_centre(&l.series, l.baseline);
    l.laney = chart_laney(&l.series, l.centre, l.baseline);
    l.dispersion = chart_dispersion(l.laney);
    return l;
}

/* Enough months beyond the baseline, and a centre from which to depart. */
static bool
is_charted(const struct line *l)
{
    return l->used > l->baseline && l->centre > 0 && (l->kind->kind == CHART_RATE || l->centre < 1);
}

/* ---- figures, before the threshold is known -------------------------------------------------- */

/* The months before the window are those of the year before; those within it make the rest. */
static bool
is_small(const struct measure *m, const struct frame *f, const struct kind *k)
{
    const enum sum shown = k->size == SUM_COUNT ? SUM_persons : k->size;
    bool before = false;

    for (unsigned i = k->first; i < CELLS_MONTHS - 12; i++)
        before = before || months_count(m->months, i, k->feature, f->perspective);
    return measure_small(m, f, f->group, shown) ||
           (shown == SUM_persons && residents_small(m, f, f->group)) ||
           (before && measure_small(m, f, f->group, SUM_BEFORE));
}

static bool
is_small_month(const struct measure *m, const struct frame *f, const struct kind *k)
{
    return small_withheld(m->small, WINDOW_MONTH, f->place, f->perspective, f->group,
                          k->size == SUM_COUNT ? SUM_persons : k->size);
}

static struct figure *
add_figure(const struct measure *m, const struct frame *f, const char *name, const char *method,
           const struct line *l)
{
    struct figure *const x = measure_figure(m, name, method, f);

    x->note = NULL;
    x->term = l->kind->term;
    x->benchmark = l->kind->size == SUM_COUNT ? residents_benchmark : "";
    if (l->counted < l->series.months)
        figure_note(m->arena, x, NOTE_MONTHS_COUNTED,
                    arena_printf(m->arena, "%zu/%zu", l->counted, l->series.months));
    if (l->silent > 0)
        figure_note(m->arena, x, NOTE_UNIT_GAPS, arena_printf(m->arena, "%zu", l->silent));
    return x;
}

static const char *
guard_of(const struct line *l, bool small)
{
    if (l->counted == 0)
        return "A003";
    if (!is_charted(l))
        return "A005";
    return small ? "A001" : NULL;
}

/* The same of the last month alone. */
static const char *
guard_of_last(const struct measure *m, const struct frame *f, const struct line *l, bool small)
{
    if (!is_counted(m, f, l->kind, CELLS_MONTHS - 1))
        return "A003";
    return chart_is_gap(l->series.month[l->series.months - 1]) ? "A005" : guard_of(l, small);
}

static void
fill_chart(const struct line *l, struct figure *x)
{
    const double scale = l->kind->scale;
    const struct chart_month last = l->series.month[l->series.months - 1];
    const bool wide = l->laney > 1;
    const struct interval limits =
        wide ? chart_limits(l->kind->kind, l->centre, last.size, SIGMA, l->laney)
             : chart_limits_exact(l->kind->kind, l->centre, last.size, SIGMA);
    const double value = last.count / last.size;

    if (wide)
        x->method = "laney";
    x->level = 1 - 2 * dist_normal_p(SIGMA, 0, 1, DIST_UPPER);
    x->value = scale * value;
    x->lower = scale * limits.lower;
    x->upper = scale * limits.upper;
    x->n = l->kind->kind == CHART_SHARE ? last.size : last.count;
    x->events = last.count;
    x->flagged = value > limits.upper || value < limits.lower;
}

static void
add_line(const struct measure *m, const struct frame *f, const struct kind *k, struct charts *c)
{
    struct line l = line_of(m, f, k);
    const bool small = is_small(m, f, k);
    const bool small_month = small || is_small_month(m, f, k);
    const char *const guard = guard_of_last(m, f, &l, small_month);

    if (!measure_wanted(f, !is_charted(&l)))
        return;

    struct figure *const x = add_figure(m, f, "chart", k->chart, &l);

    if (guard)
        measure_withhold(x, guard);
    else
        fill_chart(&l, x);
    if (small_month)
        measure_hide(x);

    const char *const why = guard_of(&l, small);
    struct figure *const y = add_figure(m, f, "cusum", k->cusum, &l);

    y->n = (double)l.counted;
    l.coarse = small_month;
    l.cusum = m->out->count - 1;
    if (why)
        measure_withhold(y, why);
    else
        c->line[c->count++] = l;
}

/* ---- the threshold --------------------------------------------------------------------------- */

static struct chart_control
control_of(struct arena *a, const struct line *l)
{
    double *const size = arena_array(a, l->series.months, sizeof *size);
    const size_t count = chart_sizes(&l->series, size);

    return (struct chart_control){l->series.kind, l->centre, l->dispersion, size, count};
}

static void
simulate(void *context, struct arena *room)
{
    struct charts *const c = context;
    const struct chart_simulation how = {
        .watch = WATCH, .run_length = RUN_LENGTH, .cities = CITIES, .horizon = HORIZON};
    struct chart_control *const control = arena_array(room, c->count, sizeof *control);

    for (size_t i = 0; i < c->count; i++)
        control[i] = control_of(room, &c->line[i]);
    c->threshold = chart_simulate(control, c->count, &how, &c->rng,
                                  arena_array(room, chart_simulate_work(&how), sizeof(double)))
                       .cusum.threshold;
}

/* A sum is a whole number of persons less a known amount a month: from its decimals both numbers
 * can be worked out. To the nearest half several are as good as each other. */
static double
shown_sum(const struct line *l, double sum)
{
    return l->coarse ? round(2 * sum) / 2 : sum;
}

static void
fill_cusum(const struct line *l, double threshold, struct figure *x)
{
    struct chart_cusum up = {0}, down = {0};

    for (size_t i = 0; i < l->series.months; i++) {
        const struct chart_month m = l->series.month[i];

        if (chart_is_gap(m))
            continue;
        chart_cusum_step(&up,
                         chart_increment(l->kind->kind, l->centre, m, WATCH.shift, l->dispersion));
        chart_cusum_step(
            &down, chart_increment(l->kind->kind, l->centre, m, 1 / WATCH.shift, l->dispersion));
    }
    x->value = shown_sum(l, up.value);
    x->lower = 0;
    x->statistic = shown_sum(l, down.value);
    x->upper = threshold;
    x->flagged = up.value > threshold;
}

static void
put(void *context, struct figures *f)
{
    const struct charts *const c = context;

    for (size_t i = 0; i < c->count; i++)
        fill_cusum(&c->line[i], c->threshold, &f->list[c->line[i].cusum]);
}

void
measure_charts(const struct measure *m)
{
    const unsigned perspective = sampled_perspective(m);
    const size_t most = (size_t)KINDS * cube_place_count(m->cube) * cube_group_count(m->cube);
    struct charts *const c = arena_alloc(m->arena, sizeof *c);

    if (perspective == PERSPECTIVE_ALL)
        return;
    *c = (struct charts){.line = arena_array(m->arena, most + 1, sizeof *c->line),
                         .rng = rng_stream(sampled_options(m, "cusum").seed, 0)};
    for (unsigned k = 0; k < KINDS; k++)
        for (unsigned place = 0; place < cube_place_count(m->cube); place++)
            for (unsigned g = 0; months_has(m->months, place) && g < cube_group_count(m->cube); g++)
                add_line(m,
                         &(struct frame){.place = place,
                                         .perspective = perspective,
                                         .group = (int)g,
                                         .feature = kinds[k].feature},
                         &kinds[k], c);
    if (c->count > 0)
        later_task(m->later, (struct later_task){simulate, put, c});
}
