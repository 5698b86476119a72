/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which places lie further from the whole than their size explains: stops per 1,000 residents,
 * searches per stop, strict hits per search, of everybody and of each group. The limits are the
 * outer ones (99.8%), exact, or widened where the places scatter more than chance makes them. The
 * target is what the places that are shown have together. Ranks nothing.
 */
#include "analyzer/measure/residents.h"
#include "analyzer/measure/exposure.h"
#include "analyzer/stat/funnel.h"

#include <math.h>

static const double OUTER = 0.998;

/* What is counted, of how many. */
struct kind {
    const char *term, *method;
    enum funnel_kind kind;
    enum sum count, size; /* of a rate the size is residents */
    enum feature feature;
    double least, scale;
};

static const struct kind kinds[] = {
    {"stop", "poisson", FUNNEL_RATE, SUM_persons, SUM_persons, FEATURE_STOPS, 0, 1000},
    {"search", "binomial", FUNNEL_SHARE, SUM_searched, SUM_search_known, FEATURE_SEARCH, 0, 1},
    {"hit", "binomial", FUNNEL_SHARE, SUM_strict, SUM_strict_known, FEATURE_HIT_STRICT,
     SEARCHES_LEAST, 1},
};

struct funnel {
    size_t count;
    unsigned *place;
    double *events, *size, *z;
    double target, dispersion;
};

static double
size_of(const struct measure *m, const struct frame *f, const struct kind *k)
{
    if (k->kind == FUNNEL_SHARE)
        return measure_of(m, f, f->group, k->size);
    return exposure_mean(m->residents, f->place, f->group) * residents_months_share(m, f);
}

static void
add_places(const struct measure *m, struct frame f, const struct kind *k, struct funnel *x)
{
    for (f.place = 1; f.place < cube_place_count(m->cube); f.place++) {
        const double size = measure_pools(m, f.place) ? size_of(m, &f, k) : 0;

        if (!(size > 0) || size < k->least || measure_small(m, &f, f.group, k->size))
            continue;
        x->place[x->count] = f.place;
        x->events[x->count] = measure_of(m, &f, f.group, k->count);
        x->size[x->count++] = size;
    }
}

static struct funnel
funnel_of(const struct measure *m, const struct frame *f, const struct kind *k)
{
    const unsigned most = cube_place_count(m->cube);
    struct funnel x = {.place = arena_array(m->arena, most, sizeof *x.place),
                       .events = arena_array(m->arena, most, sizeof *x.events),
                       .size = arena_array(m->arena, most, sizeof *x.size),
                       .z = arena_array(m->arena, most, sizeof *x.z)};
    double events = 0, size = 0;

    add_places(m, *f, k, &x);
    for (size_t i = 0; i < x.count; i++) {
        events += x.events[i];
        size += x.size[i];
    }
    x.target = events / size;
    for (size_t i = 0; i < x.count; i++)
        x.z[i] = funnel_z(k->kind, x.events[i], x.size[i], x.target);
    x.dispersion = funnel_dispersion(x.z, x.count, arena_array(m->arena, most, sizeof(double)));
    return x;
}

static void
one_place(const struct measure *m, struct frame f, const struct kind *k, const struct funnel *of,
          size_t i)
{
    const bool wide = of->dispersion > 1;
    const struct interval at =
        wide ? funnel_overdispersed(k->kind, of->size[i], of->target, of->dispersion, OUTER)
             : funnel_exact(k->kind, of->size[i], of->target, OUTER);

    if (isnan(at.lower))
        return;
    f.place = of->place[i];

    struct figure *const x = measure_figure(m, "funnel", k->method, &f);
    const double value = of->events[i] / of->size[i];

    x->term = k->term;
    x->level = OUTER;
    x->n = k->kind == FUNNEL_SHARE ? of->size[i] : of->events[i];
    x->events = of->events[i];
    x->value = k->scale * value;
    x->lower = k->scale * at.lower;
    x->upper = k->scale * at.upper;
    x->statistic = wide ? of->z[i] / sqrt(of->dispersion) : of->z[i];
    x->flagged = value < at.lower || value > at.upper;
    if (wide)
        figure_note(m->arena, x, NOTE_OVERDISPERSED,
                    arena_printf(m->arena, "%.1f", of->dispersion));
    if (k->kind == FUNNEL_RATE) {
        x->benchmark = residents_benchmark;
        x->exposure = of->size[i];
        residents_warn_of_vintage(m, x);
    }
}

static void
one_group(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    const struct kind *const k = context;
    const struct funnel of = funnel_of(m, f, k);

    (void)withheld;
    for (size_t i = 0; i < of.count && of.count >= PLACES_LEAST; i++)
        one_place(m, *f, k, &of, i);
}

void
measure_funnel(const struct measure *m)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct frame f = {.group = -1, .feature = kinds[i].feature};

        one_group(m, &f, false, &kinds[i]);
        measure_each_group(m, f, (struct by_group){.figure = one_group, .context = &kinds[i]});
    }
}
