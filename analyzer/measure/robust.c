/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The robust test of every place and group: does the benchmark test (stopped more often per
 * resident; searched more often per stop) point the same way as the outcome test of the same
 * decision (strict hits per stop; per search)? Each side is one-sided at ALPHA. Exact where an
 * expected count is under five, else the published score test; where residents are drawn, the
 * benchmark side is averaged over the draws, so that an uncertain bridge concludes less. Of the
 * city there is a second figure, `pooled`: both sides stratified over places, with residents as
 * they are on average. Where it differs from the first, the places are what differs.
 */
#include "analyzer/measure/exposure.h"
#include "analyzer/measure/ratio.h"
#include "analyzer/measure/residents.h"
#include "analyzer/stat/hybrid.h"
#include "analyzer/stat/mixture.h"
#include "analyzer/stat/odds.h"

#include <math.h>

static const double ALPHA = 0.05;

/* ---- both decisions -------------------------------------------------------------------------- */

/* k1 of n1 in the group, k0 of n0 in the reference; n1 and n0 may be residents. */
struct part {
    double k1, n1, k0, n0;
};

/* Whether equal shares (or rates) would give either side fewer than five. */
static bool
is_sparse(struct part p, enum hybrid_kind kind)
{
    const struct odds_table table = odds_table(p.k1, p.n1, p.k0, p.n0);

    return kind == HYBRID_SHARE ? odds_is_sparse(&table, 1)
                                : (p.k1 + p.k0) * fmin(p.n1, p.n0) / (p.n1 + p.n0) < 5;
}

/* Score tests need no more than these. */
static struct hybrid_counts
acted(struct part b)
{
    return (struct hybrid_counts){b.n1, b.k1, 0, b.n0, b.k0, 0};
}

static struct hybrid_counts
found(struct part o)
{
    return (struct hybrid_counts){o.n1, o.n1, o.k1, o.n0, o.n0, o.k0};
}

/* One method for both sides, as `fit robust` has it. */
static struct hybrid
test_of(enum hybrid_kind kind, struct part b, struct part o)
{
    const enum hybrid_method method =
        is_sparse(b, kind) || is_sparse(o, HYBRID_SHARE) ? HYBRID_EXACT : HYBRID_SCORE;

    return hybrid_judge(hybrid_test(acted(b), kind, method, ALPHA).benchmark,
                        hybrid_test(found(o), HYBRID_SHARE, method, ALPHA).outcome, ALPHA);
}

static void
judge(struct figure *x, struct hybrid h)
{
    x->value = h.verdict;
    x->p = isnan(h.verdict) ? NAN : fmax(h.benchmark.worse, h.outcome.worse);
}

static struct figure *
robust_figure(const struct measure *m, const struct frame *f, const char *term, const char *name,
              struct hybrid h)
{
    struct figure *const x = measure_figure(m, "robust", "hybrid", f);

    x->term = term;
    x->reference = name;
    x->level = 1 - ALPHA;
    judge(x, h);
    return x;
}

/* ---- the decision to stop -------------------------------------------------------------------- */

static struct cube_outcome
outcome_in(const struct measure *m, const struct frame *f, int group)
{
    const bool *const inside = exposures_inside(m->residents);
    struct cube_outcome sum = {0};

    if (!residents_is_sum(m, f))
        return cube_outcome(m->cube, m->window, f->place, f->perspective, group);
    for (unsigned i = 1; i < cube_place_count(m->cube); i++)
        if (inside[i]) {
            const struct cube_outcome o =
                cube_outcome(m->cube, m->window, i, f->perspective, group);

            sum.persons += o.persons;
            sum.hits += o.hits;
        }
    return sum;
}

static struct part
hits_of_stops(const struct measure *m, const struct frame *f, int reference)
{
    const struct cube_outcome group = outcome_in(m, f, f->group);
    const struct cube_outcome other = outcome_in(m, f, reference);

    return (struct part){group.hits, group.persons, other.hits - (reference < 0 ? group.hits : 0),
                         other.persons - (reference < 0 ? group.persons : 0)};
}

/* Stops of the months with hits are a number that no figure shows: neither they nor the others may
 * be few. */
static bool
is_few(double shown, double of_them)
{
    const double rest = shown - of_them;

    return of_them < SMALL_NUMBER || (rest > 0 && rest < SMALL_NUMBER);
}

/* The benchmark side over draws of the residents. */
struct drawn {
    struct residents_pair of;
    unsigned draws;
    struct hybrid_side outcome;
    size_t figure; /* its number */
    struct hybrid result;
};

static void
test_drawn(void *context, struct arena *room)
{
    struct drawn *const d = context;
    double *const work = arena_array(room, d->draws, sizeof *work);
    double *const others = arena_array(room, d->draws, sizeof *others);

    for (unsigned i = 0; i < d->draws; i++)
        others[i] = d->of.reference < 0 ? fmax(d->of.draws_reference[i] - d->of.draws[i], 0.5)
                                        : d->of.draws_reference[i];

    const struct mixture_tails t =
        mixture_rate_ratio_tails(d->of.pair.x1, d->of.pair.x0, d->of.draws, others, d->draws, work);

    d->result = hybrid_judge((struct hybrid_side){NAN, t.greater, t.less}, d->outcome, ALPHA);
}

static void
put_drawn(void *context, struct figures *f)
{
    const struct drawn *const d = context;

    judge(&f->list[d->figure], d->result);
}

/* Replaces what the last figure says. */
static void
put_off(const struct measure *m, const struct residents_pair *r, struct hybrid_side outcome)
{
    struct drawn *const d = arena_alloc(m->arena, sizeof *d);

    *d = (struct drawn){.of = *r,
                        .draws = exposures_draws(m->residents),
                        .outcome = outcome,
                        .figure = m->out->count - 1};
    later_task(m->later, (struct later_task){test_drawn, put_drawn, d});
}

/* With all of a few searches hits, their number would be that of the searches, which is not shown.
 */
static bool
hits_are_few(const struct measure *m, const struct frame *f, int reference)
{
    const double n1 = measure_of(m, f, f->group, SUM_strict_known);
    const double n0 = measure_of_reference(m, f, reference, SUM_strict_known);

    return (n1 > 0 && measure_small(m, f, f->group, SUM_strict_known)) ||
           (n0 > 0 && measure_small_reference(m, f, reference, SUM_strict_known));
}

static bool
stop_is_small(const struct measure *m, const struct frame *f, const struct residents_pair *r,
              struct part outcome)
{
    return r->small || hits_are_few(m, f, r->reference) ||
           is_few(residents_persons(m, f, f->group), outcome.n1) || is_few(r->pair.x0, outcome.n0);
}

static void
judge_stop(const struct measure *m, const struct frame *f)
{
    struct residents_pair r;

    if (!residents_pair(m, f, &r) || !measure_wanted(f, ratio_guard(r.pair, r.small) != NULL))
        return;

    const struct rate_pair p = r.pair;
    const struct part outcome = hits_of_stops(m, f, r.reference);
    const struct hybrid h = test_of(HYBRID_RATE, (struct part){p.x1, p.n1, p.x0, p.n0}, outcome);
    const bool months = cube_months_with_outcome(m->cube, m->window, f->perspective) > 0;
    const bool small = stop_is_small(m, f, &r, outcome);
    const char *const guard = !months            ? "A003"
                              : r.guard          ? r.guard
                              : small            ? "A001"
                              : isnan(h.verdict) ? "A005"
                                                 : NULL;
    struct figure *const x = robust_figure(m, f, "stop", r.name, h);

    x->benchmark = residents_benchmark;
    x->n = p.x1;
    x->events = outcome.k1;
    x->exposure = p.n1;
    residents_note_left_out(m, f, x);
    residents_warn_of_vintage(m, x);
    if (guard)
        measure_withhold(x, guard);
    if (small)
        measure_hide(x);
    if (!guard && r.draws)
        put_off(m, &r, h.outcome);
}

/* ---- the decision to search ------------------------------------------------------------------ */

static struct part
part_of(const struct measure *m, const struct frame *f, int reference, enum sum k, enum sum n)
{
    return (struct part){measure_of(m, f, f->group, k), measure_of(m, f, f->group, n),
                         measure_of_reference(m, f, reference, k),
                         measure_of_reference(m, f, reference, n)};
}

static bool
search_is_small(const struct measure *m, const struct frame *f, int reference)
{
    static const enum sum rests_on[] = {SUM_search_known, SUM_strict_known};
    bool small = false;

    for (size_t i = 0; i < 2; i++)
        small = small || measure_small(m, f, f->group, rests_on[i]) ||
                measure_small_reference(m, f, reference, rests_on[i]);
    return small;
}

static void
judge_search(const struct measure *m, const struct frame *f)
{
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    if (reference == -2)
        return;

    const bool months =
        cube_months_used(m->cube, m->window, FEATURE_SEARCH, f->perspective) > 0 &&
        cube_months_used(m->cube, m->window, FEATURE_HIT_STRICT, f->perspective) > 0;
    const bool small = search_is_small(m, f, reference);

    if (!measure_wanted(f, small || !months))
        return;

    const struct part searched = part_of(m, f, reference, SUM_searched, SUM_search_known);
    const struct part hits = part_of(m, f, reference, SUM_strict, SUM_strict_known);
    const struct hybrid h = test_of(HYBRID_SHARE, searched, hits);
    const bool few = hits.n1 < SEARCHES_LEAST || hits.n0 < SEARCHES_LEAST;
    const char *const guard = !months                            ? "A003"
                              : searched.n1 == 0 || hits.n1 == 0 ? "A005"
                              : small                            ? "A001"
                              : few                              ? "A002"
                              : isnan(h.verdict)                 ? "A005"
                                                                 : NULL;
    struct figure *const x = robust_figure(m, f, "search", name, h);

    x->n = searched.n1;
    x->events = hits.k1;
    if (guard)
        measure_withhold(x, guard);
    if (small)
        measure_hide(x);
}

/* ---- stratified over places ------------------------------------------------------------------ */

struct pool {
    size_t count;
    struct hybrid_counts *acted, *found;
    double stops, hits;          /* of the group */
    double searches1, searches0; /* hits are held against */
};

static struct pool
pool_new(const struct measure *m)
{
    const unsigned most = cube_place_count(m->cube);

    return (struct pool){.acted = arena_array(m->arena, most, sizeof(struct hybrid_counts)),
                         .found = arena_array(m->arena, most, sizeof(struct hybrid_counts))};
}

static void
add_stratum(struct pool *s, struct part b, struct part o, double stops)
{
    s->acted[s->count] = acted(b);
    s->found[s->count++] = found(o);
    s->stops += stops;
    s->hits += o.k1;
    s->searches1 += o.n1;
    s->searches0 += o.n0;
}

/* Places whose numbers are shown. */
static struct pool
strata_of_stops(const struct measure *m, struct frame f)
{
    struct pool s = pool_new(m);
    struct residents_pair r;

    for (f.place = 1; f.place < cube_place_count(m->cube); f.place++) {
        if (!measure_pools(m, f.place) || !residents_pair(m, &f, &r) || r.guard)
            continue;

        const struct part outcome = hits_of_stops(m, &f, r.reference);

        if (!stop_is_small(m, &f, &r, outcome))
            add_stratum(&s, (struct part){r.pair.x1, r.pair.n1, r.pair.x0, r.pair.n0}, outcome,
                        r.pair.x1);
    }
    return s;
}

static struct pool
strata_of_searches(const struct measure *m, struct frame f, int reference)
{
    struct pool s = pool_new(m);

    for (f.place = 1; f.place < cube_place_count(m->cube); f.place++) {
        if (!measure_pools(m, f.place) || search_is_small(m, &f, reference))
            continue;

        const struct part b = part_of(m, &f, reference, SUM_searched, SUM_search_known);

        add_stratum(&s, b, part_of(m, &f, reference, SUM_strict, SUM_strict_known), b.n1);
    }
    return s;
}

static struct figure *
pooled_figure(const struct measure *m, const struct frame *f, const char *term, const char *name,
              const struct pool *s, enum hybrid_kind kind)
{
    const struct hybrid h =
        hybrid_judge(hybrid_pooled(s->acted, s->count, kind, ALPHA).benchmark,
                     hybrid_pooled(s->found, s->count, HYBRID_SHARE, ALPHA).outcome, ALPHA);
    const double least = kind == HYBRID_SHARE ? SEARCHES_LEAST : 0;
    const char *const guard = s->count == 0                                  ? "A005"
                              : s->count < PLACES_LEAST                      ? "A004"
                              : s->searches1 < least || s->searches0 < least ? "A002"
                              : isnan(h.verdict)                             ? "A005"
                                                                             : NULL;
    struct figure *const x = robust_figure(m, f, term, name, h);

    x->method = "pooled";
    x->n = s->stops;
    x->events = s->hits;
    if (guard)
        measure_withhold(x, guard);
    return x;
}

static void
judge_pooled(const struct measure *m, const struct frame *f)
{
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    if (reference == -2)
        return;

    const struct pool stops = strata_of_stops(m, *f);
    const struct pool searches = strata_of_searches(m, *f, reference);
    struct figure *const x = pooled_figure(m, f, "stop", name, &stops, HYBRID_RATE);

    x->benchmark = residents_benchmark;
    residents_warn_of_vintage(m, x);
    pooled_figure(m, f, "search", name, &searches, HYBRID_SHARE);
}

static void
judge_group(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    const unsigned searches = cube_months_used(m->cube, m->window, FEATURE_SEARCH, f->perspective);
    const unsigned hits = cube_months_used(m->cube, m->window, FEATURE_HIT_STRICT, f->perspective);
    struct frame at = *f;

    (void)withheld;
    (void)context;
    at.feature = searches < hits ? FEATURE_SEARCH : FEATURE_HIT_STRICT;
    judge_stop(m, &at);
    judge_search(m, &at);
    if (f->place == 0)
        judge_pooled(m, &at);
}

void
measure_robust(const struct measure *m)
{
    for (unsigned i = 0; i < cube_place_count(m->cube); i++)
        if (i == 0 || measure_pools(m, i))
            measure_each_group(m, (struct frame){.place = i, .feature = FEATURE_HIT_STRICT},
                               (struct by_group){.figure = judge_group});
}
