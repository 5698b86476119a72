/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit robust`: the hybrid test per place and group, of the decision to search (searches of stops,
 * hits of searches) and, where there is an exposure, of the decision to stop (stops for an
 * exposure, hits of stops).
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/hybrid.h"

enum { PLACE, GROUP, STOPS, SEARCHES, HITS, EXPOSURE };

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_FACTOR, false}, [GROUP] = {"group", FIT_FACTOR, false},
    [STOPS] = {"stops", FIT_COUNT, false},  [SEARCHES] = {"searches", FIT_COUNT, false},
    [HITS] = {"hits", FIT_COUNT, false},    [EXPOSURE] = {"exposure", FIT_AMOUNT, true},
};

static const struct fit_output figures[] = {
    {"robust", "score, exact, pooled"},
    {"benchmark-test", "score, exact, pooled"},
    {"outcome-test", "score, exact, pooled"},
    {"places", "both, benchmark-only, outcome-only, neither, concluded"},
};

/* A decision: who was acted upon, out of what. */
struct decision {
    const char *term;
    enum hybrid_kind kind;
};

static const struct decision decisions[] = {{"search", HYBRID_SHARE}, {"stop", HYBRID_RATE}};

static bool
check_cells(const struct fit_cells *c, struct err *e)
{
    return fit_cells_part_of(c, SEARCHES, STOPS, "searches counts those of the stops with a search",
                             e) &&
           fit_cells_part_of(c, HITS, SEARCHES,
                             "hits counts those of the searches that found something", e);
}

static struct hybrid_counts
counts_of(const struct decision *d, struct fit_pair p)
{
    if (d->kind == HYBRID_SHARE)
        return (struct hybrid_counts){p.a1, p.b1, p.c1, p.a0, p.b0, p.c0};
    return (struct hybrid_counts){p.d1, p.a1, p.c1, p.d0, p.a0, p.c0};
}

/* ---- figures ---- */

static double
share(double k, double n)
{
    return n > 0 ? k / n : NAN;
}

static void
put_side(struct fit *f, const char *name, const char *method, struct fit_subject about,
         struct hybrid_side side, double ratio, const char *why)
{
    json_t *const figure = fit_figure(f, name, method, about);

    fit_put(figure, "value", ratio);
    fit_put(figure, "statistic", side.z);
    fit_put(figure, "p", side.worse);
    fit_note(figure, why,
             "value is the ratio to the reference; p is one-sided, towards the group being "
             "treated worse");
}

static const char *
verdict_text(double verdict)
{
    return verdict > 0   ? "concluded: acted upon more, and with fewer hits"
           : verdict < 0 ? "concluded the other way: acted upon less, and with more hits"
                         : "inconclusive: the two tests do not both point the same way";
}

static void
put_robust(struct fit *f, const char *method, struct fit_subject about, struct hybrid h,
           const char *why)
{
    json_t *const figure = fit_figure(f, "robust", method, about);

    fit_put(figure, "value", h.verdict);
    fit_put(figure, "p", isnan(h.verdict) ? NAN : fmax(h.benchmark.worse, h.outcome.worse));
    fit_put(figure, "level", 1 - f->options->alpha);
    fit_note(figure, why, verdict_text(h.verdict));
}

static const char *
why_undefined(const struct decision *d, struct hybrid_counts c)
{
    if (!(c.base1 > 0 && c.base0 > 0))
        return d->kind == HYBRID_SHARE ? "no stops" : "no exposure";
    if (!(c.acted1 > 0 && c.acted0 > 0))
        return d->kind == HYBRID_SHARE ? "no searches on one side" : "no stops on one side";
    return c.hits1 + c.hits0 > 0 ? "no variation: everybody was acted upon, or all were hits"
                                 : "no hits";
}

static void
put_decision(struct fit *f, struct fit_subject about, const struct decision *d,
             struct hybrid_counts c, const char *missing)
{
    static const struct {
        enum hybrid_method method;
        const char *name;
    } methods[] = {{HYBRID_SCORE, "score"}, {HYBRID_EXACT, "exact"}};
    const char *const why = missing ? missing : why_undefined(d, c);

    about.term = d->term;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        const struct hybrid h = hybrid_test(c, d->kind, methods[i].method, f->options->alpha);

        put_robust(f, methods[i].name, about, h, why);
        put_side(f, "benchmark-test", methods[i].name, about, h.benchmark,
                 share(c.acted1, c.base1) / share(c.acted0, c.base0), why);
        put_side(f, "outcome-test", methods[i].name, about, h.outcome,
                 share(c.hits1, c.acted1) / share(c.hits0, c.acted0), why);
    }
}

static size_t
decision_count(const struct fit *f)
{
    return f->cells->number[EXPOSURE] ? 2 : 1;
}

static void
put_place(struct fit *f, struct fit_subject about, struct fit_pair p, const char *missing)
{
    for (size_t i = 0; i < decision_count(f); i++)
        put_decision(f, about, &decisions[i], counts_of(&decisions[i], p), missing);
}

/* How many places point which way, whatever their significance, and how many conclude. */
static void
put_places(struct fit *f, struct fit_subject about, const struct decision *d,
           const struct hybrid_counts *c, size_t count)
{
    static const char *const names[] = {[HYBRID_BOTH] = "both",
                                        [HYBRID_BENCHMARK_ONLY] = "benchmark-only",
                                        [HYBRID_OUTCOME_ONLY] = "outcome-only",
                                        [HYBRID_NEITHER] = "neither"};
    static const enum hybrid_direction order[] = {HYBRID_BOTH, HYBRID_BENCHMARK_ONLY,
                                                  HYBRID_OUTCOME_ONLY, HYBRID_NEITHER};
    double places[4] = {0};
    double concluded = 0;

    for (size_t i = 0; i < count; i++) {
        enum hybrid_direction direction;

        if (hybrid_direction(c[i], &direction))
            places[direction]++;
        concluded += hybrid_test(c[i], d->kind, HYBRID_SCORE, f->options->alpha).verdict > 0;
    }
    for (size_t i = 0; i < 4; i++) {
        json_t *const figure = fit_figure(f, "places", names[order[i]], about);

        fit_put(figure, "value", places[order[i]]);
        fit_put(figure, "n", (double)count);
    }

    json_t *const figure = fit_figure(f, "places", "concluded", about);

    fit_put(figure, "value", concluded);
    fit_put(figure, "n", (double)count);
}

static void
put_pooled(struct fit *f, struct fit_subject about, const struct fit_pair *pairs, size_t count)
{
    struct hybrid_counts *const c = arena_array(f->arena, count, sizeof *c);

    for (size_t i = 0; i < decision_count(f); i++) {
        const struct decision *const d = &decisions[i];
        struct hybrid_counts all = {0};

        for (size_t k = 0; k < count; k++) {
            c[k] = counts_of(d, pairs[k]);
            all.base1 += c[k].base1;
            all.base0 += c[k].base0;
            all.acted1 += c[k].acted1;
            all.acted0 += c[k].acted0;
            all.hits1 += c[k].hits1;
            all.hits0 += c[k].hits0;
        }

        const struct hybrid h = hybrid_pooled(c, count, d->kind, f->options->alpha);
        static const char why[] = "no informative place";

        about.term = d->term;
        put_robust(f, "pooled", about, h, why);
        put_side(f, "benchmark-test", "pooled", about, h.benchmark,
                 share(all.acted1, all.base1) / share(all.acted0, all.base0), why);
        put_side(f, "outcome-test", "pooled", about, h.outcome,
                 share(all.hits1, all.acted1) / share(all.hits0, all.acted0), why);
        put_places(f, about, d, c, count);
    }
}

static bool
run(struct fit *f, struct err *e)
{
    static const struct fit_comparison comparison = {put_place, put_pooled};

    return check_cells(f->cells, e) && fit_compare(f, &comparison, e);
}

const struct fit_model fit_robust = {
    .name = "robust",
    .summary = "the hybrid of benchmark and outcome test: concluded only when both agree",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_READS(reference) | FIT_READS(alpha),
    FIT_FIGURES(figures),
    .run = run,
};
