/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The threshold test on the twelve months: at what probability of a find each group is searched,
 * and how far that lies below its reference's, in the city and in each place. Hierarchical signal,
 * strict hits, one perspective. Withheld when the model cannot be identified (A010), when its draws
 * cannot be trusted or it does not give the observed rates back (A011), and where a count is small.
 */
#include "analyzer/measure/sampled.h"
#include "analyzer/stat/quantile.h"
#include "analyzer/stat/threshold_check.h"

#include <math.h>
#include <string.h>

enum { GROUPS_LEAST = 3, THRESHOLD_PLACES_LEAST = 5 };

/* How far the model's rates may lie from the observed beyond chance, as root mean square. */
static const double MISFIT_MOST = 0.05;

/* A figure that waits for the draws: of a group in the city, or of a cell. */
struct waiting {
    size_t figure;
    size_t place, group; /* place SAMPLED_NONE: the city */
    bool difference;
    double value, lower, upper, p; /* when it has been drawn */
};

struct test {
    struct nuts_options options;
    double level;
    struct sampled_cells cells;
    struct threshold_cells counts;
    double *stops_of_group;
    size_t reference; /* number of the group that others are compared with */
    bool all_others;  /* no group: all others of the same place */
    struct waiting *waiting;
    size_t count;
    bool identified;
    struct sampled_verdict verdict;
    struct threshold_checks checks;
};

/* ---- counts ---------------------------------------------------------------------------------- */

struct counts {
    double stops, searches, hits;
};

/* Months in which searches and finds are both registered; searches of which the find is not known
 * are left out, with their stops. */
static struct counts
counts_of(const struct measure *m, const struct frame *f, int group)
{
    struct counts c = {0};

    for (unsigned i = cube_first_month(m->cube, m->window); i < CELLS_MONTHS; i++) {
        if (!months_count(m->months, i, FEATURE_SEARCH, f->perspective) ||
            !months_count(m->months, i, FEATURE_HIT_STRICT, f->perspective))
            continue;

        const double known =
            months_sum(m->months, i, f->place, f->perspective, group, SUM_strict_known);

        c.searches += known;
        c.hits += months_sum(m->months, i, f->place, f->perspective, group, SUM_strict);
        c.stops += months_sum(m->months, i, f->place, f->perspective, group, SUM_search_known) -
                   months_sum(m->months, i, f->place, f->perspective, group, SUM_searched) + known;
    }
    return c;
}

static bool
has_stops(const struct measure *m, const struct frame *f)
{
    return counts_of(m, f, f->group).stops > 0;
}

static void
count_cells(const struct measure *m, unsigned perspective, struct test *t)
{
    const struct sampled_cells *const c = &t->cells;
    double *const stops = arena_array(m->arena, c->count + 1, sizeof *stops);
    double *const searches = arena_array(m->arena, c->count + 1, sizeof *searches);
    double *const hits = arena_array(m->arena, c->count + 1, sizeof *hits);

    t->stops_of_group = arena_array(m->arena, c->groups + 1, sizeof *t->stops_of_group);
    for (size_t i = 0; i < c->count; i++) {
        const struct frame f = {.place = c->place_of[c->place[i]],
                                .perspective = perspective,
                                .group = (int)c->group_of[c->group[i]]};
        const struct counts n = counts_of(m, &f, f.group);

        stops[i] = n.stops;
        searches[i] = n.searches;
        hits[i] = n.hits;
        t->stops_of_group[c->group[i]] += n.stops;
    }
    t->counts = (struct threshold_cells){c->count, c->places, c->groups, c->place,
                                         c->group, stops,     searches,  hits};
}

/* Why there can be no test; NULL when there can. */
static const char *
guard_of(const struct measure *m, unsigned perspective, const struct test *t)
{
    const struct sampled_cells *const c = &t->cells;
    double stops = 0, searches = 0;

    for (size_t i = 0; i < c->count; i++) {
        stops += t->counts.stops[i];
        searches += t->counts.searches[i];
    }
    if (cube_months_used(m->cube, m->window, FEATURE_SEARCH, perspective) == 0 ||
        cube_months_used(m->cube, m->window, FEATURE_HIT_STRICT, perspective) == 0)
        return "A003";
    if (searches == 0)
        return "A005";
    /* More cells than unknowns: with R groups and D places D > 2R / (R - 2). */
    return c->groups < GROUPS_LEAST || c->places < THRESHOLD_PLACES_LEAST ||
                   c->places * (c->groups - 2) <= 2 * c->groups || searches == stops
               ? "A010"
               : NULL;
}

/* ---- figures, before there are draws --------------------------------------------------------- */

static void
wait_for(struct test *t, const struct measure *m, size_t place, size_t group, bool difference)
{
    t->waiting[t->count++] = (struct waiting){
        .figure = m->out->count - 1, .place = place, .group = group, .difference = difference};
}

static bool
is_small(const struct measure *m, const struct frame *f, int group)
{
    return measure_small(m, f, group, SUM_search_known) ||
           measure_small(m, f, group, SUM_strict_known);
}

static bool
is_small_reference(const struct measure *m, const struct frame *f, int reference)
{
    return measure_small_reference(m, f, reference, SUM_search_known) ||
           measure_small_reference(m, f, reference, SUM_strict_known);
}

/* Stops of a group in a place's cell, or in all of them; 0 where it has none. */
static double
stops_in(const struct test *t, size_t place, size_t group)
{
    const size_t cell =
        place == SAMPLED_NONE ? SAMPLED_NONE : t->cells.at[place * t->cells.groups + group];

    if (place == SAMPLED_NONE)
        return t->stops_of_group[group];
    return cell == SAMPLED_NONE ? 0 : t->counts.stops[cell];
}

/* What is shown: persons of whom a search, and searches of which the find, is known. They are those
 * of the rates beside, so that no other count can be told from them. */
struct shown {
    double stops, searches;
};

static struct shown
shown_of(const struct measure *m, const struct frame *f)
{
    return (struct shown){measure_of(m, f, f->group, SUM_search_known),
                          measure_of(m, f, f->group, SUM_strict_known)};
}

static struct shown
shown_of_reference(const struct measure *m, const struct frame *f, int reference)
{
    return (struct shown){measure_of_reference(m, f, reference, SUM_search_known),
                          measure_of_reference(m, f, reference, SUM_strict_known)};
}

/* Withholds what must be; whether the figure waits for the draws. */
static bool
is_waiting(const struct frame *f, struct figure *x, const char *guard, bool small, double searches)
{
    if (guard)
        measure_withhold(x, guard);
    else if (small)
        measure_withhold(x, "A001");
    else if (f->place == 0 && searches < SEARCHES_LEAST)
        measure_withhold(x, "A002");
    if (small) {
        measure_hide(x);
        x->exposure = NAN;
    }
    return !x->guard;
}

static struct figure *
add_figure(const struct measure *m, const char *name, const struct frame *f, struct shown own)
{
    struct figure *const x = measure_figure(m, name, "threshold-nuts", f);

    x->n = own.stops;
    x->events = own.searches;
    return x;
}

static bool
add_threshold(const struct measure *m, const struct frame *f, const char *guard)
{
    const struct shown own = shown_of(m, f);

    return is_waiting(f, add_figure(m, "threshold", f, own), guard, is_small(m, f, f->group),
                      own.searches);
}

static bool
add_difference(const struct measure *m, const struct frame *f, int reference, const char *name,
               const char *guard)
{
    const struct shown own = shown_of(m, f);
    const struct shown other = shown_of_reference(m, f, reference);
    struct figure *const x = add_figure(m, "threshold-difference", f, own);

    x->reference = name;
    x->exposure = other.stops;
    return is_waiting(f, x, guard, is_small(m, f, f->group) || is_small_reference(m, f, reference),
                      fmin(own.searches, other.searches));
}

/* Whether anybody the group is compared with has a cell there; place SAMPLED_NONE: in the city. */
static bool
has_reference(const struct test *t, size_t place, size_t group)
{
    for (size_t g = 0; g < t->cells.groups; g++)
        if (g != group && (t->all_others || g == t->reference) && stops_in(t, place, g) > 0)
            return true;
    return false;
}

static void
figures_of_group(const struct measure *m, struct frame f, const char *guard, struct test *t)
{
    const struct sampled_cells *const c = &t->cells;
    const char *name;
    const int reference = measure_reference(m, f.group, &name);
    const size_t g = sampled_number(c, f.group);
    const char *const none = guard ? guard : "A005";

    t->all_others = reference == -1;
    if (reference >= 0)
        t->reference = sampled_number(c, reference);
    if (add_threshold(m, &f, g == SAMPLED_NONE ? none : guard))
        wait_for(t, m, SAMPLED_NONE, g, false);
    if (reference == -2)
        return;
    if (add_difference(m, &f, reference, name,
                       g != SAMPLED_NONE && has_reference(t, SAMPLED_NONE, g) ? guard : none))
        wait_for(t, m, SAMPLED_NONE, g, true);
    for (size_t p = 0; p < c->places && g != SAMPLED_NONE && !guard; p++) {
        f.place = c->place_of[p];
        if (stops_in(t, p, g) > 0 && has_reference(t, p, g) &&
            add_difference(m, &f, reference, name, NULL))
            wait_for(t, m, p, g, true);
    }
}

/* ---- reading the draws ----------------------------------------------------------------------- */

struct reading {
    const struct test *test;
    const struct threshold_outputs *outputs;
    const struct posterior *posterior;
    double *room; /* one number a draw */
};

static double
threshold_in(const struct reading *r, const double *draw, size_t place, size_t group)
{
    const struct sampled_cells *const c = &r->test->cells;

    return place == SAMPLED_NONE ? draw[r->outputs->group_threshold + group]
                                 : draw[r->outputs->threshold + c->at[place * c->groups + group]];
}

/* The threshold of the reference, or of all others weighted by their stops. */
static double
threshold_of_reference(const struct reading *r, const double *draw, const struct waiting *w)
{
    const struct test *const t = r->test;
    double sum = 0, stops = 0;

    for (size_t g = 0; g < t->cells.groups; g++) {
        const double n = t->all_others ? stops_in(t, w->place, g) : g == t->reference;

        if (g == w->group || n == 0)
            continue;
        sum += n * threshold_in(r, draw, w->place, g);
        stops += n;
    }
    return sum / stops;
}

static void
read_draws(const struct reading *r, struct waiting *w)
{
    const double level = r->test->level;
    const struct nuts_run *const run = &r->posterior->run;
    const size_t n = run->chains * run->draws;
    size_t above = 0;
    double mean = 0;

    for (size_t i = 0; i < n; i++) {
        const double *const draw = run->values + i * run->outputs;
        const double own = threshold_in(r, draw, w->place, w->group);
        const double value = w->difference ? own - threshold_of_reference(r, draw, w) : own;

        r->room[i] = value;
        mean += (value - mean) / (double)(i + 1);
        above += value >= 0;
    }
    quantile_sort(r->room, n);
    w->value = mean;
    w->lower = quantile_of_sorted(r->room, n, (1 - level) / 2);
    w->upper = quantile_of_sorted(r->room, n, (1 + level) / 2);
    w->p = w->difference ? posterior_p((double)above, (double)n) : NAN;
}

static void
run(void *context, struct arena *room)
{
    struct test *const t = context;
    struct nuts_target target;
    struct threshold_outputs o;
    struct posterior p;
    struct err e = {0};
    size_t cell;

    t->identified =
        threshold_target(room, THRESHOLD_HIERARCHICAL, &t->counts, &target, &o, &cell, &e);
    if (!t->identified)
        return;
    sampled_draw(room, &target, &t->options, o.count, t->level, &p);
    t->verdict = sampled_verdict(&p);

    const size_t draws = p.run.chains * p.run.draws;
    const struct reading r = {t, &o, &p, arena_array(room, draws, sizeof(double))};
    struct rng rng = rng_stream(t->options.seed, (unsigned)p.run.chains);

    t->checks = threshold_checks(room, &t->counts, &o, p.run.values, draws, p.run.outputs, &rng);
    for (size_t i = 0; i < t->count; i++)
        read_draws(&r, &t->waiting[i]);
}

/* ---- figures, when there are draws ----------------------------------------------------------- */

static double
beyond_chance(struct threshold_check c)
{
    return sqrt(fmax(0, c.rms * c.rms - c.chance * c.chance));
}

static const char *
guard_of_draws(const struct test *t)
{
    if (!t->identified)
        return "A010";
    return t->verdict.converged && beyond_chance(t->checks.search) <= MISFIT_MOST &&
                   beyond_chance(t->checks.hit) <= MISFIT_MOST
               ? NULL
               : "A011";
}

static void
note_checks(struct arena *a, const struct threshold_checks *c, struct figure *x)
{
    figure_note(a, x, NOTE_PREDICTIVE_SEARCH, arena_printf(a, "%.4f", c->search.rms));
    figure_note(a, x, NOTE_PREDICTIVE_SEARCH_P, arena_printf(a, "%.3f", c->search.p));
    figure_note(a, x, NOTE_PREDICTIVE_HIT, arena_printf(a, "%.4f", c->hit.rms));
    figure_note(a, x, NOTE_PREDICTIVE_HIT_P, arena_printf(a, "%.3f", c->hit.p));
}

static void
put(void *context, struct figures *f)
{
    const struct test *const t = context;
    const char *const guard = guard_of_draws(t);

    for (size_t i = 0; i < t->count; i++) {
        const struct waiting *const w = &t->waiting[i];
        struct figure *const x = &f->list[w->figure];

        x->value = w->value;
        x->lower = w->lower;
        x->upper = w->upper;
        x->p = w->p;
        if (t->identified && !w->difference) {
            sampled_note(f->arena, &t->verdict, x);
            note_checks(f->arena, &t->checks, x);
        }
        if (guard)
            measure_withhold(x, guard);
    }
}

void
measure_threshold(const struct measure *m)
{
    struct test *const t = arena_alloc(m->arena, sizeof *t);
    const unsigned perspective = sampled_perspective(m);

    if (perspective == PERSPECTIVE_ALL)
        return;
    *t = (struct test){.options = sampled_options(m, "threshold"),
                       .level = cube_inputs(m->cube)->choices.level,
                       .cells = sampled_cells(m, perspective, has_stops),
                       .reference = SAMPLED_NONE};
    count_cells(m, perspective, t);
    t->waiting = arena_array(m->arena, 2 * (size_t)cube_group_count(m->cube) + t->cells.count,
                             sizeof *t->waiting);

    const char *const guard = guard_of(m, perspective, t);

    for (unsigned g = 0; g < cube_group_count(m->cube); g++)
        figures_of_group(m,
                         (struct frame){.perspective = perspective,
                                        .group = (int)g,
                                        .feature = FEATURE_HIT_STRICT},
                         guard, t);
    if (t->count > 0)
        later_task(m->later, (struct later_task){run, put, t});
}
