/* SPDX-License-Identifier: EUPL-1.2 */
/* Entropy balancing and the doubly robust comparison against R, their laws, and planted effects. */
#include "analyzer/stat/balance.h"

#include "common/rng.h"
#include "tests/lib/fit_document.h"

#include <math.h>
#include <string.h>

/* The weights solve their equations to 1e-11, the regressions stop a little before. */
static const double FITTED = 1e-7;

static struct arena *a;

static const struct fit_options usual = {.level = 0.95, .seed = 1};

static void
set_up(void)
{
    a = arena_new();
}

static void
tear_down(void)
{
    arena_free(a);
}

static const json_t *
find(const json_t *document, const char *name, const char *method, const char *group,
     const char *term)
{
    const json_t *const list = json_object_get(document, "figures");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const f = json_array_get(list, i);
        const char *const m = json_string_value(json_object_get(f, "method"));

        if (strcmp(json_string_value(json_object_get(f, "name")), name) == 0 &&
            strcmp(m ? m : "", method) == 0 &&
            strcmp(json_string_value(json_object_get(f, "group")), group) == 0 &&
            strcmp(json_string_value(json_object_get(f, "term")), term) == 0)
            return f;
    }
    ck_abort_msg("no figure %s (%s) of %s, %s", name, method, group, term);
    return NULL;
}

static const json_t *
effect_of(const json_t *document, const char *method, const char *unit)
{
    return find(document, "effect", method, unit, unit);
}

static double
value_of(const json_t *document, const char *name, const char *method, const char *unit)
{
    return golden_number(find(document, name, method, unit, unit), "value");
}

START_TEST(weights_and_effects_are_those_of_r)
{
    const json_t *const cases = golden(a, "balance", "cases");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const char *const unit = json_string_value(json_object_get(c, "unit"));
        const json_t *const d =
            fit_document(a, "balance", json_string_value(json_object_get(c, "csv")), &usual);
        const json_t *const gap = effect_of(d, "difference", unit);
        const json_t *const ratio = effect_of(d, "ratio", unit);
        const json_t *const odds = effect_of(d, "odds-ratio", unit);

        assert_relative("difference", golden_number(gap, "value"), golden_number(c, "difference"),
                        FITTED);
        assert_relative("se", golden_number(gap, "se"), golden_number(c, "difference_se"), FITTED);
        assert_relative("lower", golden_number(gap, "lower"), golden_number(c, "lower"), 1e-6);
        assert_relative("p", golden_number(gap, "p"), golden_number(c, "p"), 1e-6);
        assert_relative("ratio", golden_number(ratio, "value"), golden_number(c, "ratio"), FITTED);
        assert_relative("se", golden_number(ratio, "se"), golden_number(c, "ratio_se"), FITTED);
        assert_relative("odds", golden_number(odds, "value"), golden_number(c, "odds_ratio"),
                        FITTED);
        assert_relative("se", golden_number(odds, "se"), golden_number(c, "odds_ratio_se"), FITTED);
        assert_relative("share", value_of(d, "share", "unit", unit), golden_number(c, "share1"),
                        FITTED);
        assert_relative("share", value_of(d, "share", "others-weighted", unit),
                        golden_number(c, "share0"), FITTED);
        assert_relative("ess", value_of(d, "effective-sample-size", "", unit),
                        golden_number(c, "effective"), FITTED);
        assert_relative("heaviest", value_of(d, "largest-weight", "", unit),
                        golden_number(c, "heaviest"), FITTED);
        assert_relative(
            "before",
            golden_number(find(d, "standardised-difference", "before", unit, "age"), "value"),
            golden_number(c, "before_age"), FITTED);
    }
}
END_TEST

/* ---- a simulated city ---- */

enum { PLACES = 4, HOURS = 3 };

struct city {
    double team;       /* log odds ratio of team T */
    double stops;      /* expected, of a cell of the others */
    double difference; /* truth, over the stops drawn */
    unsigned scale;    /* number of times each stop stands there */
};

static double
chance(double eta)
{
    return 1 / (1 + exp(-eta));
}

/* Teams T and U over places and hours, T with another mix. */
static const char *
city_csv(struct rng *rng, struct city *c)
{
    const unsigned times = c->scale > 0 ? c->scale : 1;
    char *const text = arena_alloc(a, 4096);
    size_t used = (size_t)snprintf(text, 4096, "unit,place,hour,outcome,n\n");
    double gap = 0, stops = 0;

    for (int team = 0; team <= 1; team++)
        for (int p = 0; p < PLACES; p++)
            for (int h = 0; h < HOURS; h++) {
                const double eta = -0.8 + 0.4 * p - 0.5 * (h == 1) + 0.2 * (h == 2);
                const double mean = c->stops * (team ? 0.3 + 0.3 * p : 1.5 - 0.2 * p);
                const uint64_t n = rng_poisson(rng, mean);
                const uint64_t k = rng_binomial(rng, n, chance(eta + (team ? c->team : 0)));

                used += (size_t)snprintf(text + used, 4096 - used, "%s,%c,h%d,%ju,%ju\n",
                                         team ? "T" : "U", 'A' + p, h, (uintmax_t)(k * times),
                                         (uintmax_t)(n * times));
                gap += team ? (double)n * (chance(eta + c->team) - chance(eta)) : 0;
                stops += team ? (double)n : 0;
            }
    c->difference = gap / stops;
    return text;
}

START_TEST(weights_give_the_others_the_teams_means)
{
    struct rng rng = rng_stream(3, 0);
    struct city city = {.team = 0.3, .stops = 40};
    const json_t *const d = fit_document(a, "balance", city_csv(&rng, &city), &usual);
    static const char *const terms[] = {"placeA", "placeB", "placeC", "placeD",
                                        "hourh0", "hourh1", "hourh2"};

    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        ck_assert(fabs(golden_number(find(d, "standardised-difference", "after", "T", terms[i]),
                                     "value")) < 1e-9);
    ck_assert(fabs(golden_number(find(d, "standardised-difference", "before", "T", "placeD"),
                                 "value")) > 0.3);
    ck_assert(value_of(d, "standardised-difference", "largest", "T") < 1e-9);
}
END_TEST

START_TEST(twice_the_stops_halve_the_variance)
{
    struct rng rng = rng_stream(3, 1), same = rng;
    struct city one = {.team = 0.3, .stops = 40}, two = {.team = 0.3, .stops = 40, .scale = 2};
    const json_t *const d1 = fit_document(a, "balance", city_csv(&rng, &one), &usual);
    const json_t *const d2 = fit_document(a, "balance", city_csv(&same, &two), &usual);

    assert_relative("difference", golden_number(effect_of(d2, "difference", "T"), "value"),
                    golden_number(effect_of(d1, "difference", "T"), "value"), FITTED);
    assert_relative("se", golden_number(effect_of(d2, "odds-ratio", "T"), "se"),
                    golden_number(effect_of(d1, "odds-ratio", "T"), "se") / sqrt(2), FITTED);
    assert_relative("ess", value_of(d2, "effective-sample-size", "", "T"),
                    2 * value_of(d1, "effective-sample-size", "", "T"), FITTED);
}
END_TEST

START_TEST(a_team_with_the_mix_of_the_others_gets_even_weights)
{
    const json_t *const d = fit_document(a, "balance",
                                         "unit,place,outcome,n\nT,A,30,100\nT,B,40,200\n"
                                         "U,A,60,200\nU,B,80,400\n",
                                         &usual);

    assert_relative("ess", value_of(d, "effective-sample-size", "", "T"), 600, 1e-10);
    assert_relative("heaviest", value_of(d, "largest-weight", "", "T"), 1.0 / 600, 1e-10);
    ck_assert(fabs(golden_number(effect_of(d, "difference", "T"), "value")) < 1e-9);
}
END_TEST

START_TEST(the_unit_of_a_covariate_does_not_matter)
{
    const char *one = "unit,age,outcome,n\n", *two = one;

    for (int team = 0; team <= 1; team++)
        for (int i = 0; i < 12; i++) {
            const int n = 20 + 7 * ((i * 5 + team * 3) % 9) + (team ? 4 * i : 60 - 3 * i);
            const int k = n / 3 + i % 4;

            one = arena_printf(a, "%s%s,%.2f,%d,%d\n", one, team ? "T" : "U", 20 + i * 1.25, k, n);
            two = arena_printf(a, "%s%s,%.2f,%d,%d\n", two, team ? "T" : "U",
                               (20 + i * 1.25) * 365 + 0.25, k, n);
        }

    const json_t *const years = effect_of(fit_document(a, "balance", one, &usual), "ratio", "T");
    const json_t *const days = effect_of(fit_document(a, "balance", two, &usual), "ratio", "T");

    assert_relative("ratio", golden_number(days, "value"), golden_number(years, "value"), FITTED);
    assert_relative("se", golden_number(days, "se"), golden_number(years, "se"), FITTED);
}
END_TEST

START_TEST(a_covariate_that_is_constant_changes_nothing)
{
    const json_t *const without = fit_document(a, "balance",
                                               "unit,place,outcome,n\nT,A,30,100\nT,B,45,200\n"
                                               "U,A,90,200\nU,B,80,300\n",
                                               &usual);
    const json_t *const with =
        fit_document(a, "balance",
                     "unit,place,basis,year,outcome,n\nT,A,x,1.5,30,100\nT,B,x,1.5,45,200\n"
                     "U,A,x,1.5,90,200\nU,B,x,1.5,80,300\n",
                     &usual);

    assert_relative("difference", golden_number(effect_of(with, "difference", "T"), "value"),
                    golden_number(effect_of(without, "difference", "T"), "value"), FITTED);
    assert_relative("se", golden_number(effect_of(with, "difference", "T"), "se"),
                    golden_number(effect_of(without, "difference", "T"), "se"), FITTED);
}
END_TEST

START_TEST(the_interval_holds_the_planted_difference)
{
    static const double planted[] = {0, 0.5};

    for (size_t i = 0; i < 2; i++) {
        struct rng rng = rng_stream(3, 10 + (unsigned)i);
        int held = 0, shown = 0;

        for (int k = 0; k < 1000; k++) {
            struct arena *const all = a;
            struct city city = {.team = planted[i], .stops = 35};
            const json_t *f;

            a = arena_child(all);
            f = effect_of(fit_document(a, "balance", city_csv(&rng, &city), &usual), "difference",
                          "T");
            held += golden_number(f, "lower") <= city.difference &&
                    city.difference <= golden_number(f, "upper");
            shown += golden_number(f, "p") < 0.05;
            arena_free(a);
            a = all;
        }
        printf("planted log odds %.1f: held in %d of 1000, p under 0.05 in %d\n", planted[i], held,
               shown);
        ck_assert_int_ge(held, 930);
        ck_assert_int_le(held, 970);
        if (planted[i] > 0)
            ck_assert_int_ge(shown, 700);
    }
}
END_TEST

/* `teams` teams of 240 stops in two places; the first `planted` have other odds. */
static const char *
many_teams(struct rng *rng, int teams, int planted)
{
    char *const text = arena_alloc(a, 65536);
    size_t used = (size_t)snprintf(text, 65536, "unit,place,outcome,n\n");

    for (int t = 0; t < teams; t++)
        for (int p = 0; p <= 1; p++) {
            const uint64_t n = (uint64_t)(60 + 120 * ((t + p) % 2));
            const double eta = -1.2 + 0.6 * p + (t < planted ? 1.2 : 0);

            used += (size_t)snprintf(text + used, 65536 - used, "t%d,%c,%ju,%ju\n", t, 'A' + p,
                                     (uintmax_t)rng_binomial(rng, n, chance(eta)), (uintmax_t)n);
        }
    return text;
}

START_TEST(of_many_teams_only_those_planted_are_found)
{
    struct rng rng = rng_stream(3, 20);
    const json_t *const d = fit_document(a, "balance", many_teams(&rng, 150, 4), &usual);
    int found = 0, wrong = 0;

    for (int t = 0; t < 150; t++) {
        const char *const unit = arena_printf(a, "t%d", t);
        const double q = value_of(d, "q", "benjamini-hochberg", unit);
        const double fdr = value_of(d, "local-fdr", "central-matching", unit);

        found += t < 4 && q < 0.05 && fdr < 0.2;
        wrong += t >= 4 && fdr < 0.2;
    }
    printf("planted 4 of 150 teams: found %d, and %d others\n", found, wrong);
    ck_assert_int_eq(found, 4);
    ck_assert_int_le(wrong, 1);
}
END_TEST

/* ---- what cannot be compared ---- */

START_TEST(what_cannot_be_compared_is_null_with_a_note)
{
    static const struct {
        const char *csv, *note;
    } cases[] = {
        {"unit,place,outcome,n\nT,A,3,10\nT,B,4,10\n", "the unit or the others have no stops"},
        {"unit,place,outcome,n\nT,A,3,10\nU,B,4,10\n",
         "too little overlap: no weights of the others give the unit's mix"},
        {"unit,place,outcome,n\nT,A,30,100\nT,C,3,10\nU,B,40,100\nU,A,40,100\n",
         "out of balance: a standardised difference is 0.05 or more"},
        {"unit,age,outcome,n\nT,50.5,30,100\nT,55.5,4,10\nU,20.5,40,100\nU,30.5,40,100\n",
         "too little overlap: no weights of the others give the unit's mix"},
        {"unit,place,outcome,n\nT,A,0,100\nU,A,40,100\n",
         "all or none of the unit, or of the others, have the outcome"},
        {"unit,place,outcome,n\nT,A,10,100\nU,A,0,100\n",
         "all or none of the unit, or of the others, have the outcome"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const json_t *const f =
            effect_of(fit_document(a, "balance", cases[i].csv, &usual), "difference", "T");

        ck_assert_msg(json_is_null(json_object_get(f, "value")), "case %zu", i);
        ck_assert_str_eq(json_string_value(json_object_get(f, "note")), cases[i].note);
    }
}
END_TEST

START_TEST(a_small_comparison_is_shown_and_not_tested)
{
    const json_t *const d = fit_document(a, "balance",
                                         "unit,place,outcome,n\nT,A,30,300\nT,B,40,100\n"
                                         "U,A,10,40\nU,B,20,59\n",
                                         &usual);
    const json_t *const f = effect_of(d, "difference", "T");

    ck_assert(golden_number(f, "se") > 0);
    ck_assert(json_is_null(json_object_get(f, "p")));
    ck_assert_str_eq(json_string_value(json_object_get(f, "note")),
                     "effective sample size under 100: shown, not tested");
    ck_assert(value_of(d, "effective-sample-size", "", "T") < 100);
    ck_assert(json_is_null(json_object_get(find(d, "q", "benjamini-hochberg", "T", "T"), "value")));
    ck_assert(golden_number(find(d, "q", "benjamini-hochberg", "U", "U"), "value") > 0);
}
END_TEST

START_TEST(a_level_where_nobody_has_the_outcome_adds_zero)
{
    /* in C nobody has it: the shares are those of A and B, spread over C too */
    const json_t *const with =
        fit_document(a, "balance",
                     "unit,place,outcome,n\nT,A,30,100\nT,B,45,200\nT,C,0,100\n"
                     "U,A,90,200\nU,B,80,300\nU,C,0,70\n",
                     &usual);
    const json_t *const without = fit_document(a, "balance",
                                               "unit,place,outcome,n\nT,A,30,100\nT,B,45,200\n"
                                               "U,A,90,200\nU,B,80,300\n",
                                               &usual);

    assert_relative("difference", golden_number(effect_of(with, "difference", "T"), "value"),
                    0.75 * golden_number(effect_of(without, "difference", "T"), "value"), FITTED);
    assert_relative("se", golden_number(effect_of(with, "difference", "T"), "se"),
                    0.75 * golden_number(effect_of(without, "difference", "T"), "se"), FITTED);
}
END_TEST

/* More places than are written out as columns; the team has no stops in the first of them. */
START_TEST(a_place_where_the_team_has_none_changes_nothing)
{
    enum { MANY = 12 };
    const char *less = "unit,place,outcome,n\n";

    for (int i = 1; i < MANY; i++)
        less = arena_printf(a, "%sT,P%02d,%d,%d\nU,P%02d,%d,%d\n", less, i, 5 + i, 20 + i, i,
                            10 + i % 5, 60 - i);

    const char *const more = arena_printf(a, "%sU,P00,7,30\n", less);
    const json_t *const one =
        effect_of(fit_document(a, "balance", less, &usual), "difference", "T");
    const json_t *const two =
        effect_of(fit_document(a, "balance", more, &usual), "difference", "T");

    assert_relative("value", golden_number(two, "value"), golden_number(one, "value"), FITTED);
    assert_relative("se", golden_number(two, "se"), golden_number(one, "se"), FITTED);
}
END_TEST

START_TEST(faulty_comparisons_are_refused)
{
    static const struct {
        const char *csv, *formula, *unit, *text;
        enum err_code code;
    } cases[] = {
        {"unit,outcome,n\nT,3,2\n", NULL, NULL, "line 2, column 3: outcome is larger than n",
         ERR_INPUT},
        {"unit,outcome,n\nT,0,0\n", NULL, NULL, "no row has an n over 0", ERR_INPUT},
        {"unit,place,outcome,n\nT,A,1,2\n", "0 + place", NULL,
         "the formula takes the intercept out", ERR_USAGE},
        {"unit,place,outcome,n\nT,A,1,2\n", "place + unit", NULL,
         "the formula names \"unit\", which the model has already", ERR_USAGE},
        {"unit,place,outcome,n\nT,A,1,2\n", NULL, "V", "no row has the unit that --unit names",
         ERR_USAGE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fit_options options = usual;
        struct err e = {0};

        options.formula = cases[i].formula;
        options.unit = cases[i].unit;
        ck_assert_ptr_null(fit_document_text(a, "balance", cases[i].csv, &options, &e));
        ck_assert_str_eq(e.text, cases[i].text);
        ck_assert_int_eq(e.code, cases[i].code);
        ck_assert(e.hint[0] != '\0');
    }
}
END_TEST

START_TEST(one_unit_alone_is_as_among_all)
{
    struct rng rng = rng_stream(3, 5);
    struct city city = {.team = 0.3, .stops = 40};
    const char *const csv = city_csv(&rng, &city);
    struct fit_options only = usual;

    only.unit = "T";
    ck_assert(json_equal(effect_of(fit_document(a, "balance", csv, &usual), "difference", "T"),
                         effect_of(fit_document(a, "balance", csv, &only), "difference", "T")));
}
END_TEST

START_TEST(without_covariates_it_is_the_crude_difference)
{
    const json_t *const f =
        effect_of(fit_document(a, "balance", "unit,outcome,n\nT,30,100\nU,40,200\n", &usual),
                  "difference", "T");

    assert_relative("difference", golden_number(f, "value"), 0.1, 1e-9);
    assert_relative("se", golden_number(f, "se"), sqrt(0.3 * 0.7 / 100 + 0.2 * 0.8 / 200), 1e-9);
}
END_TEST

Suite *balance_suite(void);

Suite *
balance_suite(void)
{
    Suite *const s = suite_create("balance");
    TCase *const t = tcase_create("balance");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, weights_and_effects_are_those_of_r);
    tcase_add_test(t, weights_give_the_others_the_teams_means);
    tcase_add_test(t, twice_the_stops_halve_the_variance);
    tcase_add_test(t, a_team_with_the_mix_of_the_others_gets_even_weights);
    tcase_add_test(t, the_unit_of_a_covariate_does_not_matter);
    tcase_add_test(t, a_covariate_that_is_constant_changes_nothing);
    tcase_add_test(t, the_interval_holds_the_planted_difference);
    tcase_add_test(t, of_many_teams_only_those_planted_are_found);
    tcase_add_test(t, what_cannot_be_compared_is_null_with_a_note);
    tcase_add_test(t, a_small_comparison_is_shown_and_not_tested);
    tcase_add_test(t, a_level_where_nobody_has_the_outcome_adds_zero);
    tcase_add_test(t, a_place_where_the_team_has_none_changes_nothing);
    tcase_add_test(t, faulty_comparisons_are_refused);
    tcase_add_test(t, one_unit_alone_is_as_among_all);
    tcase_add_test(t, without_covariates_it_is_the_crude_difference);
    suite_add_tcase(s, t);
    return s;
}
