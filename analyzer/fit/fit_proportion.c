/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit proportion`: a proportion per row; per place and group the difference, the ratio, the
 * chi-square and Fisher's test; per group the odds ratio pooled over places.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/odds.h"
#include "analyzer/stat/proportion.h"

enum { PLACE, GROUP, K, N };

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_FACTOR, false},
    [GROUP] = {"group", FIT_FACTOR, false},
    [K] = {"k", FIT_COUNT, false},
    [N] = {"n", FIT_COUNT, false},
};

static const struct fit_output figures[] = {
    {"proportion", "wilson, clopper-pearson"},
    {"difference", "newcombe, miettinen-nurminen"},
    {"proportion-ratio", "koopman, miettinen-nurminen"},
    {"chi-square", "pearson, yates"},
    {"odds-ratio", "fisher, conditional-exact"},
    {"pooled-odds-ratio", "mantel-haenszel, exact"},
    {"cmh", "uncorrected, corrected"},
};

/* Doubles of work past which an exact test over strata costs more than it tells. */
static const size_t EXACT_WORK = 20000;

static bool
check_cells(const struct fit_cells *c, struct err *e)
{
    return fit_cells_part_of(c, K, N, "k counts those of the n that have the outcome", e);
}

static void
put_proportions(struct fit *f)
{
    const struct fit_cells *const c = f->cells;
    static const struct {
        const char *name;
        struct estimate (*of)(double k, double n, double level);
    } methods[] = {{"wilson", proportion_wilson}, {"clopper-pearson", proportion_clopper_pearson}};

    for (size_t r = 0; r < c->rows; r++) {
        const struct fit_subject about = {.place = fit_cells_label(c, PLACE, r),
                                          .group = fit_cells_label(c, GROUP, r)};

        for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
            json_t *const figure = fit_figure(f, "proportion", methods[i].name, about);

            fit_put_estimate(f, figure,
                             methods[i].of(c->number[K][r], c->number[N][r], f->options->level));
            fit_put(figure, "events", c->number[K][r]);
            fit_put(figure, "n", c->number[N][r]);
            fit_note(figure, "n is zero", NULL);
        }
    }
}

/* ---- one place ---- */

static void
put_estimate(struct fit *f, const char *name, const char *method, struct fit_subject about,
             struct estimate e, const char *why)
{
    json_t *const figure = fit_figure(f, name, method, about);

    fit_put_estimate(f, figure, e);
    fit_note(figure, why, NULL);
}

static void
put_fisher(struct fit *f, const char *name, const char *method, struct fit_subject about,
           struct odds_fisher fisher, const char *why, const char *otherwise)
{
    json_t *const figure = fit_figure(f, name, method, about);

    fit_put_estimate(f, figure, fisher.odds_ratio);
    fit_put(figure, "p", fisher.p);
    fit_note(figure, why, otherwise);
}

/* The reasons of one place, each for the figures that may lack a number by it. */
struct reasons {
    const char *pair;  /* no two proportions */
    const char *ratio; /* … or no ratio of them */
    const char *table; /* … or an empty margin */
    const char *exact; /* … or no exact test, or no limit on one side */
};

static struct reasons
reasons_of(struct proportion_pair p, const char *missing)
{
    const double with = p.k1 + p.k0;
    const double total = p.n1 + p.n0;
    const char *const pair = missing ? missing : p.n1 == 0 || p.n0 == 0 ? "n is zero" : NULL;
    const char *const nobody = pair ? pair : with == 0 ? "nobody has the outcome" : NULL;
    const char *const table = nobody ? nobody : with == total ? "everybody has the outcome" : NULL;

    return (struct reasons){
        .pair = pair,
        .ratio = nobody ? nobody : "nobody in the reference has the outcome: no upper limit",
        .table = table,
        .exact = table          ? table
                 : total > 1e10 ? "too many cases for an exact test"
                                : "a cell is zero: the odds ratio has no upper limit",
    };
}

static void
put_place(struct fit *f, struct fit_subject about, struct fit_pair of, const char *missing)
{
    const double level = f->options->level;
    const struct proportion_pair p = {of.a1, of.b1, of.a0, of.b0};
    const struct odds_table t = odds_table(p.k1, p.n1, p.k0, p.n0);
    const struct reasons why = reasons_of(p, missing);

    put_estimate(f, "difference", "newcombe", about, proportion_difference_newcombe(p, level),
                 why.pair);
    put_estimate(f, "difference", "miettinen-nurminen", about,
                 proportion_difference_score(p, level), why.pair);
    put_estimate(f, "proportion-ratio", "koopman", about,
                 proportion_ratio(p, PROPORTION_KOOPMAN, level), why.ratio);
    put_estimate(f, "proportion-ratio", "miettinen-nurminen", about,
                 proportion_ratio(p, PROPORTION_MIETTINEN_NURMINEN, level), why.ratio);
    for (int yates = 0; yates <= 1; yates++) {
        json_t *const figure = fit_figure(f, "chi-square", yates ? "yates" : "pearson", about);

        fit_put_test(figure, odds_chi_square(t, yates));
        fit_note(figure, why.table, NULL);
    }
    put_fisher(f, "odds-ratio", "fisher", about, odds_fisher_as_r(t, level), why.exact,
               "roots as R's fisher.test leaves them, to 1.2e-4");
    put_fisher(f, "odds-ratio", "conditional-exact", about, odds_fisher(t, level), why.exact, NULL);
}

/* ---- pooled over places ---- */

static void
put_cmh(struct fit *f, struct fit_subject about, const struct odds_table *tables, size_t count)
{
    for (int corrected = 0; corrected <= 1; corrected++) {
        json_t *const figure = fit_figure(f, "cmh", corrected ? "corrected" : "uncorrected", about);

        fit_put_test(figure, odds_cmh(tables, count, corrected));
        fit_note(figure, "no informative place", NULL);
    }
}

static void
put_pooled(struct fit *f, struct fit_subject about, const struct fit_pair *pairs, size_t count)
{
    const double level = f->options->level;
    struct odds_table *const tables = arena_array(f->arena, count, sizeof *tables);

    for (size_t i = 0; i < count; i++)
        tables[i] = odds_table(pairs[i].a1, pairs[i].b1, pairs[i].a0, pairs[i].b0);
    fit_put_pooled(f, "pooled-odds-ratio", about, odds_pooled(tables, count, level),
                   "no informative place with discordant cells on both sides");
    put_cmh(f, about, tables, count);

    const size_t work = odds_exact_work(tables, count);

    if (!odds_is_sparse(tables, count) || work > EXACT_WORK)
        return;

    const struct odds_fisher exact =
        odds_exact(tables, count, level, arena_array(f->arena, work, sizeof(double)));

    put_fisher(f, "pooled-odds-ratio", "exact", about, exact,
               isnan(exact.p) ? "too far out for an exact test"
                              : "every place stands at its end: the odds ratio has no upper limit",
               "given because a place has an expected cell under 5");
}

static bool
run(struct fit *f, struct err *e)
{
    static const struct fit_comparison comparison = {put_place, put_pooled};

    if (!check_cells(f->cells, e))
        return false;
    put_proportions(f);
    return fit_compare(f, &comparison, e);
}

const struct fit_model fit_proportion = {
    .name = "proportion",
    .summary = "proportions, and their differences and ratios to a reference group",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_READS(reference) | FIT_READS(level),
    FIT_FIGURES(figures),
    .run = run,
};
