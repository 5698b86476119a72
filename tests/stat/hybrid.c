/* SPDX-License-Identifier: EUPL-1.2 */
/* The hybrid test against R, against the numbers of North Carolina, and its laws. */
#include "analyzer/stat/hybrid.h"

#include "analyzer/stat/dist.h"
#include "tests/lib/fit_document.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct hybrid_counts
counts_of(const double *x)
{
    return (struct hybrid_counts){x[0], x[1], x[2], x[3], x[4], x[5]};
}

START_TEST(both_sides_are_those_of_r)
{
    const json_t *const cases = golden(a, "hybrid", "cases");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        double x[6];
        const enum hybrid_kind kind = golden_number(c, "rate") > 0 ? HYBRID_RATE : HYBRID_SHARE;

        golden_numbers(c, "counts", x, 6);

        const struct hybrid score = hybrid_test(counts_of(x), kind, HYBRID_SCORE, 0.05);
        const struct hybrid exact = hybrid_test(counts_of(x), kind, HYBRID_EXACT, 0.05);

        assert_relative("z", score.benchmark.z, golden_number(c, "z"), CLOSED);
        assert_relative("p", score.benchmark.worse, golden_number(c, "p"), 1e-8);
        assert_relative("exact", exact.benchmark.worse, golden_number(c, "exact"), 1e-8);
        assert_relative("outcome z", score.outcome.z, golden_number(c, "outcome_z"), CLOSED);
        assert_relative("outcome p", score.outcome.worse, golden_number(c, "outcome_p"), 1e-8);
        assert_relative("outcome exact", exact.outcome.worse, golden_number(c, "outcome_exact"),
                        1e-8);
    }
}
END_TEST

START_TEST(over_places_it_is_the_signed_root_of_mantel_and_haenszel)
{
    const json_t *const c = json_array_get(golden(a, "hybrid", "pooled"), 0);
    double x[18];
    struct hybrid_counts places[3];

    golden_numbers(c, "counts", x, 18);
    for (size_t i = 0; i < 3; i++)
        places[i] = counts_of(x + 6 * i);

    const struct hybrid h = hybrid_pooled(places, 3, HYBRID_SHARE, 0.05);

    assert_relative("z", h.benchmark.z, golden_number(c, "z"), CLOSED);
    assert_relative("outcome z", h.outcome.z, golden_number(c, "outcome_z"), CLOSED);
}
END_TEST

START_TEST(swapping_the_groups_turns_the_verdict)
{
    static const double cases[][6] = {
        {400, 60, 8, 3000, 200, 60}, {400, 20, 8, 3000, 200, 60}, {3000, 200, 60, 400, 60, 8}};

    for (size_t i = 0; i < 3; i++)
        for (int kind = 0; kind < 2; kind++)
            for (int method = 0; method < 2; method++) {
                const struct hybrid_counts c = counts_of(cases[i]);
                const struct hybrid_counts swapped = {c.base0, c.acted0, c.hits0,
                                                      c.base1, c.acted1, c.hits1};
                const enum hybrid_kind k = kind ? HYBRID_RATE : HYBRID_SHARE;
                const enum hybrid_method m = method ? HYBRID_EXACT : HYBRID_SCORE;
                const struct hybrid here = hybrid_test(c, k, m, 0.05);
                const struct hybrid there = hybrid_test(swapped, k, m, 0.05);

                ck_assert(here.verdict == -there.verdict);
                assert_relative("p", here.benchmark.worse, there.benchmark.better, 1e-9);
                assert_relative("p", here.outcome.worse, there.outcome.better, 1e-9);
            }
}
END_TEST

START_TEST(one_test_alone_concludes_nothing)
{
    /* searched far more often, with the same hit rate */
    const struct hybrid h = hybrid_test((struct hybrid_counts){400, 100, 30, 3000, 200, 60},
                                        HYBRID_SHARE, HYBRID_SCORE, 0.05);

    ck_assert(h.benchmark.worse < 1e-6);
    ck_assert(h.verdict == 0);
}
END_TEST

/* The five columns that the model reads, of the seven in the file. */
static const char *
north_carolina(void)
{
    const char *const path =
        shared_data(a, "hybrid north_carolina", "nc_threshold/north_carolina_100pd.csv");
    const char *csv = "place,group,stops,searches,hits\n";
    char line[512];
    FILE *const in = path ? fopen(path, "r") : NULL;

    if (!in)
        return NULL;
    for (bool header = true; fgets(line, sizeof line, in); header = false) {
        *strrchr(line, ',') = '\0';
        *strrchr(line, ',') = '\0';
        if (!header)
            csv = arena_printf(a, "%s%s\n", csv, line);
    }
    fclose(in);
    return csv;
}

START_TEST(north_carolina_gives_the_published_counts_of_places)
{
    static const struct {
        const char *method;
        double black, hispanic;
    } published[] = {{"both", 57, 67},
                     {"benchmark-only", 40, 7},
                     {"outcome-only", 2, 24},
                     {"neither", 1, 2},
                     {"concluded", 21, 35}};
    const char *const csv = north_carolina();
    const struct fit_options options = {.reference = "White", .alpha = 0.05, .seed = 1};

    if (!csv)
        return;

    const json_t *const d = fit_document(a, "robust", csv, &options);

    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        const char *const method = published[i].method;
        const double black =
            golden_number(fit_document_figure(d, "places", method, NULL, "Black"), "value");
        const double hispanic =
            golden_number(fit_document_figure(d, "places", method, NULL, "Hispanic"), "value");

        ck_assert_msg(black == published[i].black, "%s: %g", method, black);
        ck_assert_msg(hispanic == published[i].hispanic, "%s: %g", method, hispanic);
    }
}
END_TEST

/* Simoiu et al. 2018, p. 4: risk ~ Beta(phi lambda, (1 - phi) lambda), searched when over t; the
 * hit rate is the mean risk over t. The 4-digit values were computed for the README of the data. */
START_TEST(equal_rates_come_from_thresholds_in_opposite_order)
{
    static const struct {
        double t, phi, lambda, searched, hit;
    } cases[] = {{0.3, 0.352, 28.98, 0.7115, 0.3931},
                 {0.351, 0.3878, 26.48, 0.6406, 0.4418},
                 {0.304, 0.354, 30.59, 0.7091, 0.3944},
                 {0.254, 0.3385, 6.19, 0.6390, 0.4401}};
    double n[4], k[4], h[4];

    for (size_t i = 0; i < 4; i++) {
        const double alpha = cases[i].phi * cases[i].lambda;
        const double beta = (1 - cases[i].phi) * cases[i].lambda;
        const double searched = dist_beta_p(cases[i].t, alpha, beta, DIST_UPPER);
        const double hit =
            cases[i].phi * dist_beta_p(cases[i].t, alpha + 1, beta, DIST_UPPER) / searched;

        ck_assert_msg(fabs(searched - cases[i].searched) < 5e-5, "searched %g", searched);
        ck_assert_msg(fabs(hit - cases[i].hit) < 5e-5, "hit %g", hit);
        n[i] = 1e6;
        k[i] = round(n[i] * searched);
        h[i] = round(k[i] * hit);
    }
    /* the more searched of each pair has the lower threshold first, the higher one then: the two
     * tests cannot see that, and conclude in both */
    ck_assert(cases[0].t < cases[1].t && cases[2].t > cases[3].t);
    for (size_t i = 0; i < 4; i += 2)
        ck_assert(
            hybrid_test((struct hybrid_counts){n[i], k[i], h[i], n[i + 1], k[i + 1], h[i + 1]},
                        HYBRID_SHARE, HYBRID_SCORE, 0.05)
                .verdict == 1);
}
END_TEST

START_TEST(places_with_nothing_to_compare_are_null_with_a_note)
{
    const struct fit_options options = {.reference = "b", .alpha = 0.05, .seed = 1};
    const json_t *const d = fit_document(a, "robust",
                                         "place,group,stops,searches,hits,exposure\n"
                                         "x,a,10,0,0,5\nx,b,20,4,1,9\n"
                                         "y,a,10,3,0,0\ny,b,20,4,0,9\n"
                                         "z,a,3,1,1,4\n",
                                         &options);
    static const struct {
        const char *place, *note;
    } search[] = {{"x", "no searches on one side"},
                  {"y", "no hits"},
                  {"z", "the reference has no row in this place"}};
    const json_t *const list = json_object_get(d, "figures");
    size_t seen = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const f = json_array_get(list, i);
        const char *const place = json_string_value(json_object_get(f, "place"));

        for (size_t k = 0; place && k < 3; k++)
            if (strcmp(json_string_value(json_object_get(f, "name")), "robust") == 0 &&
                strcmp(json_string_value(json_object_get(f, "term")), "search") == 0 &&
                strcmp(place, search[k].place) == 0) {
                ck_assert(json_is_null(json_object_get(f, "value")));
                ck_assert_str_eq(json_string_value(json_object_get(f, "note")), search[k].note);
                seen++;
            }
    }
    ck_assert_uint_eq(seen, 6);
}
END_TEST

START_TEST(impossible_counts_are_refused)
{
    const struct fit_options options = {.alpha = 0.05, .seed = 1};
    struct err e = {0};

    ck_assert(!fit_document_text(a, "robust", "place,group,stops,searches,hits\nx,a,5,6,1\n",
                                 &options, &e));
    ck_assert_str_eq(e.text, "line 2, column 7: searches is larger than stops");
    ck_assert(!fit_document_text(a, "robust", "place,group,stops,searches,hits\nx,a,5,3,4\n",
                                 &options, &e));
    ck_assert_str_eq(e.text, "line 2, column 9: hits is larger than searches");
}
END_TEST

Suite *hybrid_suite(void);

Suite *
hybrid_suite(void)
{
    Suite *const s = suite_create("hybrid");
    TCase *const t = tcase_create("hybrid");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_test(t, both_sides_are_those_of_r);
    tcase_add_test(t, over_places_it_is_the_signed_root_of_mantel_and_haenszel);
    tcase_add_test(t, swapping_the_groups_turns_the_verdict);
    tcase_add_test(t, one_test_alone_concludes_nothing);
    tcase_add_test(t, north_carolina_gives_the_published_counts_of_places);
    tcase_add_test(t, equal_rates_come_from_thresholds_in_opposite_order);
    tcase_add_test(t, places_with_nothing_to_compare_are_null_with_a_note);
    tcase_add_test(t, impossible_counts_are_refused);
    suite_add_tcase(s, t);
    return s;
}
