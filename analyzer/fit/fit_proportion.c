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
    [PLACE] = {"place", FIT_LABEL},
    [GROUP] = {"group", FIT_LABEL},
    [K] = {"k", FIT_COUNT},
    [N] = {"n", FIT_COUNT},
};

/* Doubles of work past which an exact test over strata costs more than it tells. */
static const size_t EXACT_WORK = 20000;

static bool
check_cells(const struct fit_cells *c, struct err *e)
{
    for (size_t r = 0; r < c->rows; r++)
        if (c->number[K][r] > c->number[N][r])
            return fit_cells_refuse(c, r, K, "is larger than n", e);
    return true;
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
        const struct fit_subject about = {c->label[PLACE][r], c->label[GROUP][r], NULL};

        for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
            json_t *const figure = fit_figure(f, "proportion", methods[i].name, about);

            fit_put_estimate(f, figure,
                             methods[i].of(c->number[K][r], c->number[N][r], f->options->level));
            fit_put(figure, "events", c->number[K][r]);
            fit_put(figure, "n", c->number[N][r]);
            fit_note(figure, c->number[N][r] > 0 ? NULL : "n is zero");
        }
    }
}

/* ---- one place ---- */

static void
put_estimate(struct fit *f, const char *name, const char *method, struct fit_subject about,
             struct estimate e, const char *note)
{
    json_t *const figure = fit_figure(f, name, method, about);

    fit_put_estimate(f, figure, e);
    fit_note(figure, note);
}

static void
put_fisher(struct fit *f, const char *name, const char *method, struct fit_subject about,
           struct odds_fisher fisher, const char *note)
{
    json_t *const figure = fit_figure(f, name, method, about);

    fit_put_estimate(f, figure, fisher.odds_ratio);
    fit_put(figure, "p", fisher.p);
    fit_note(figure, note);
}

/* Why a table says nothing about odds, or NULL. */
static const char *
why_no_odds(struct proportion_pair p)
{
    const double with = p.k1 + p.k0;
    const double total = p.n1 + p.n0;

    if (with == 0 || with == total)
        return with == 0 ? "nobody has the outcome" : "everybody has the outcome";
    return total > 1e10 ? "too many cases for an exact test" : NULL;
}

static void
put_place(struct fit *f, struct fit_subject about, struct proportion_pair p, const char *note)
{
    const double level = f->options->level;
    const struct odds_table t = odds_table(p.k1, p.n1, p.k0, p.n0);

    if (!note && (p.n1 == 0 || p.n0 == 0))
        note = "n is zero";

    const char *const no_odds = note ? note : why_no_odds(p);

    put_estimate(f, "difference", "newcombe", about, proportion_difference_newcombe(p, level),
                 note);
    put_estimate(f, "difference", "miettinen-nurminen", about,
                 proportion_difference_score(p, level), note);
    put_estimate(f, "proportion-ratio", "koopman", about,
                 proportion_ratio(p, PROPORTION_KOOPMAN, level), note);
    put_estimate(f, "proportion-ratio", "miettinen-nurminen", about,
                 proportion_ratio(p, PROPORTION_MIETTINEN_NURMINEN, level), note);
    for (int yates = 0; yates <= 1; yates++) {
        json_t *const figure = fit_figure(f, "chi-square", yates ? "yates" : "pearson", about);

        fit_put_test(figure, odds_chi_square(t, yates));
        fit_note(figure, no_odds);
    }
    put_fisher(f, "odds-ratio", "fisher", about, odds_fisher_as_r(t, level),
               no_odds ? no_odds : "roots as R's fisher.test leaves them, to 1.2e-4");
    put_fisher(f, "odds-ratio", "conditional-exact", about, odds_fisher(t, level), no_odds);
}

/* ---- pooled over places ---- */

static void
put_cmh(struct fit *f, struct fit_subject about, const struct odds_table *tables, size_t count)
{
    for (int corrected = 0; corrected <= 1; corrected++) {
        json_t *const figure = fit_figure(f, "cmh", corrected ? "corrected" : "uncorrected", about);

        fit_put_test(figure, odds_cmh(tables, count, corrected));
    }
}

static void
put_pooled(struct fit *f, struct fit_subject about, const struct odds_table *tables, size_t count)
{
    const struct odds_pooled pooled = odds_pooled(tables, count, f->options->level);
    json_t *const ratio = fit_figure(f, "pooled-odds-ratio", "mantel-haenszel", about);

    fit_put_estimate(f, ratio, pooled.odds_ratio);
    fit_put(ratio, "se", pooled.se_log);
    fit_put(ratio, "statistic", pooled.z);
    fit_put(ratio, "p", pooled.p);
    fit_put(ratio, "n", (double)pooled.strata);
    fit_note(ratio, isfinite(pooled.z)
                        ? "se is of the log ratio; n counts informative places"
                        : "no informative place with discordant cells on both sides");
    put_cmh(f, about, tables, count);

    const size_t work = odds_exact_work(tables, count);

    if (count == 0 || !odds_is_sparse(tables, count) || work > EXACT_WORK)
        return;
    put_fisher(
        f, "pooled-odds-ratio", "exact", about,
        odds_exact(tables, count, f->options->level, arena_array(f->arena, work, sizeof(double))),
        "given because a place has an expected cell under 5");
}

static bool
run(struct fit *f, struct err *e)
{
    struct fit_grid grid;

    if (!check_cells(f->cells, e) || !fit_grid_of(f, &grid, e))
        return false;
    put_proportions(f);

    struct odds_table *const tables = arena_array(f->arena, grid.places, sizeof *tables);

    for (size_t g = 0; g < grid.groups; g++) {
        size_t count = 0;

        for (size_t p = 0; p < grid.places; p++) {
            const struct fit_subject about = {grid.place[p], grid.group[g], grid.reference_name};
            struct fit_pair pair;
            const char *note;

            if (!fit_is_compared(&grid, p, g))
                continue;
            if (fit_pair_of(f, &grid, p, g, &pair, &note))
                tables[count++] = odds_table(pair.a1, pair.b1, pair.a0, pair.b0);
            put_place(f, about, (struct proportion_pair){pair.a1, pair.b1, pair.a0, pair.b0}, note);
        }
        if (g != grid.reference)
            put_pooled(f, (struct fit_subject){NULL, grid.group[g], grid.reference_name}, tables,
                       count);
    }
    return true;
}

const struct fit_model fit_proportion = {"proportion", columns, sizeof columns / sizeof columns[0],
                                         run};
