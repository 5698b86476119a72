/* SPDX-License-Identifier: EUPL-1.2 */
/* Interrupted series against R's glm, their laws, and planted effects. */
#include "analyzer/stat/interrupted.h"

#include "common/rng.h"
#include "tests/lib/fit_document.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <string.h>

enum { MOST = 256 };

/* Both fits stop when the deviance stands still; coefficients then agree to about this. */
static const double FITTED = 1e-7;

/* Room for a series, and its view. */
struct series {
    double count[MOST], exposure[MOST];
    size_t place[MOST];
    long month[MOST];
    bool treated[MOST];
    struct interrupted_data data;
};

static struct series *
series_new(size_t rows, size_t places, long start)
{
    struct series *const s = arena_alloc(a, sizeof *s);

    s->data = (struct interrupted_data){rows,     s->count,   s->exposure, s->place,
                                        s->month, s->treated, places,      start};
    return s;
}

static struct series *
series_of(const json_t *c)
{
    double number[MOST];
    struct series *const s = series_new(0, 0, (long)golden_number(c, "start"));

    s->data.rows = golden_numbers(c, "count", s->count, MOST);
    ck_assert_uint_eq(golden_numbers(c, "exposure", s->exposure, MOST), s->data.rows);
    golden_numbers(c, "place", number, MOST);
    for (size_t i = 0; i < s->data.rows; i++) {
        s->place[i] = (size_t)number[i];
        s->data.places = s->place[i] >= s->data.places ? s->place[i] + 1 : s->data.places;
    }
    golden_numbers(c, "month", number, MOST);
    for (size_t i = 0; i < s->data.rows; i++)
        s->month[i] = (long)number[i];
    golden_numbers(c, "treated", number, MOST);
    for (size_t i = 0; i < s->data.rows; i++)
        s->treated[i] = number[i] == 1;
    return s;
}

static struct interrupted
fit_of(const struct interrupted_data *d)
{
    struct interrupted fit;
    struct err e = {0};

    ck_assert_msg(interrupted_fit(a, d, &fit, &e), "%s", e.text);
    return fit;
}

START_TEST(effects_are_those_of_r)
{
    const json_t *const cases = golden(a, "interrupted", "cases");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct interrupted fit = fit_of(&series_of(c)->data);
        const json_t *const effects = json_object_get(c, "effects");

        ck_assert_int_eq(fit.status, GLM_CONVERGED);
        assert_relative("trend", fit.trend, golden_number(c, "trend"), FITTED);
        assert_relative("trend se", sqrt(fit.trend_variance), golden_number(c, "trend_se"), FITTED);
        assert_relative("change", fit.change, golden_number(c, "change"), FITTED);
        assert_relative("change se", sqrt(fit.change_variance), golden_number(c, "change_se"),
                        FITTED);
        assert_relative("slope", fit.slope, golden_number(c, "slope"), FITTED);
        assert_relative("slope se", sqrt(fit.slope_variance), golden_number(c, "slope_se"), FITTED);
        assert_relative("dispersion", fit.dispersion, golden_number(c, "dispersion"), FITTED);
        assert_relative("autocorrelation", fit.autocorrelation, golden_number(c, "autocorrelation"),
                        1e-5);
        ck_assert(fit.df == golden_number(c, "df"));
        for (size_t k = 0; k < json_array_size(effects); k++) {
            const json_t *const r = json_array_get(effects, k);
            const struct interrupted_effect ours =
                interrupted_effect(&fit, (long)golden_number(r, "months"), 0.95);

            assert_relative("ratio", ours.ratio.value, golden_number(r, "ratio"), FITTED);
            assert_relative("lower", ours.ratio.lower, golden_number(r, "lower"), FITTED);
            assert_relative("upper", ours.ratio.upper, golden_number(r, "upper"), FITTED);
            assert_relative("se", ours.se_log, golden_number(r, "se"), FITTED);
            assert_relative("p", ours.test.p, golden_number(r, "p"), 1e-6);
        }
    }
}
END_TEST

/* ---- laws ---- */

/* `places` places over 20 months, the first treated from month 13 on with this log effect. */
static struct series *
simulated(struct rng *rng, size_t places, double effect)
{
    struct series *const s = series_new(20 * places, places, 13);
    size_t i = 0;

    for (size_t p = 0; p < places; p++)
        for (long m = 1; m <= 20; m++, i++) {
            const double season = 0.25 * sin((double)m / 2);
            const double on = p == 0 && m >= 13 ? effect : 0;

            s->place[i] = p;
            s->month[i] = m;
            s->treated[i] = p == 0;
            s->exposure[i] = 500.0 + 100 * (double)p;
            s->count[i] = (double)rng_poisson(rng, s->exposure[i] * 0.1 *
                                                       exp(0.01 * (double)m + season + on));
        }
    return s;
}

START_TEST(the_unit_of_exposure_does_not_matter)
{
    struct rng rng = rng_stream(5, 0);
    struct series *const s = simulated(&rng, 3, 0.2);
    const struct interrupted one = fit_of(&s->data);

    for (size_t i = 0; i < s->data.rows; i++)
        s->exposure[i] /= 1000;

    const struct interrupted two = fit_of(&s->data);

    assert_relative("change", two.change, one.change, FITTED);
    assert_relative("slope se", two.slope_variance, one.slope_variance, FITTED);
}
END_TEST

START_TEST(what_all_places_share_is_no_effect)
{
    struct rng rng = rng_stream(5, 1);
    struct series *const s = simulated(&rng, 4, -0.3);
    const struct interrupted one = fit_of(&s->data);

    /* half the exposure in month 15, everywhere: the controls show it */
    for (size_t i = 0; i < s->data.rows; i++)
        s->exposure[i] *= s->month[i] == 15 ? 0.5 : 1;

    const struct interrupted two = fit_of(&s->data);

    assert_relative("effect", interrupted_effect(&two, 3, 0.95).ratio.value,
                    interrupted_effect(&one, 3, 0.95).ratio.value, FITTED);
}
END_TEST

START_TEST(the_interval_holds_the_planted_effect_in_95_of_100)
{
    static const double planted[] = {0, -0.4};

    for (size_t i = 0; i < 2; i++) {
        struct rng rng = rng_stream(5, 2 + (unsigned)i);
        const double truth = exp(planted[i]);
        int held = 0;
        int shown = 0;

        for (int k = 0; k < 1000; k++) {
            struct arena *const all = a;

            a = arena_child(all);

            const struct interrupted fit = fit_of(&simulated(&rng, 4, planted[i])->data);
            const struct interrupted_effect e = interrupted_effect(&fit, 6, 0.95);

            held += e.ratio.lower <= truth && truth <= e.ratio.upper;
            shown += e.test.p < 0.05;
            arena_free(a);
            a = all;
        }
        printf("planted %.2f: held in %d of 1000, p under 0.05 in %d\n", truth, held, shown);
        ck_assert_int_ge(held, 930);
        ck_assert_int_le(held, 970);
        if (planted[i] < 0)
            ck_assert_int_ge(shown, 500);
    }
}
END_TEST

START_TEST(nothing_is_said_beyond_the_last_month)
{
    struct rng rng = rng_stream(5, 9);
    const struct interrupted fit = fit_of(&simulated(&rng, 3, 0)->data);

    ck_assert_int_eq((int)fit.last, 8);
    ck_assert_uint_eq(fit.before, 12);
    ck_assert_uint_eq(fit.after, 8);
    ck_assert(!isnan(interrupted_effect(&fit, 8, 0.95).ratio.value));
    ck_assert(isnan(interrupted_effect(&fit, 9, 0.95).ratio.value));
    ck_assert(isnan(interrupted_effect(&fit, 0, 0.95).ratio.value));
}
END_TEST

/* ---- fit interrupted ---- */

static const struct fit_options usual = {.level = 0.95, .seed = 1};

static const json_t *
effect_of(const json_t *document, const char *term)
{
    const json_t *const list = json_object_get(document, "figures");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const f = json_array_get(list, i);

        if (strcmp(json_string_value(json_object_get(f, "name")), "effect") == 0 &&
            strcmp(json_string_value(json_object_get(f, "term")), term) == 0)
            return f;
    }
    ck_abort_msg("no effect after %s", term);
    return NULL;
}

/* Two places, one of them treated from month 9 of 14 on; `flag` gives the column treated. */
static const char *
two_places(bool named, bool in_force)
{
    static const int counts[] = {21, 24, 19, 30, 26, 22, 28, 25, 17, 15, 12, 14, 16, 11};
    const char *text =
        named ? "place,month,treated,count,exposure\n" : "month,treated,count,exposure\n";

    for (int p = 0; p < 2; p++)
        for (int m = 1; m <= 14; m++)
            text = arena_printf(a, "%s%s%d,%d,%d,%d\n", text, named ? p ? "x," : "y," : "", m,
                                p && (m >= 9 || !in_force),
                                p ? counts[m - 1] : 40 + counts[14 - m] % 7, 1000 + 10 * m);
    return text;
}

START_TEST(the_start_is_read_from_the_column_or_named)
{
    struct fit_options named = usual;

    named.start = "9";

    const json_t *const flag =
        effect_of(fit_document(a, "interrupted", two_places(true, true), &usual), "3 months");
    const json_t *const option =
        effect_of(fit_document(a, "interrupted", two_places(true, false), &named), "3 months");
    const json_t *const bare =
        effect_of(fit_document(a, "interrupted", two_places(false, false), &named), "3 months");

    ck_assert(golden_number(flag, "upper") < 1);
    ck_assert(json_equal(flag, option));
    assert_relative("without place", golden_number(bare, "value"), golden_number(flag, "value"),
                    1e-12);
}
END_TEST

START_TEST(what_cannot_be_told_is_null_with_a_note)
{
    static const struct {
        const char *csv, *term, *note;
    } cases[] = {
        {"month,treated,count,exposure\n1,0,9,10\n2,0,8,10\n3,0,9,10\n4,1,6,10\n5,1,5,10\n6,1,4,"
         "10\n",
         "6 months", "the months since the start are fewer"},
        {"month,treated,count,exposure\n1,0,9,10\n2,1,8,10\n3,1,9,10\n4,1,6,10\n", "3 months",
         "too few months before or after the start, or no control in them"},
        {"month,treated,count,exposure\n1,0,9,10\n2,0,8,10\n3,1,9,10\n4,1,7,10\n5,1,7,0\n",
         "3 months", "the months since the start are fewer"},
        {"month,treated,count,exposure\n1,0,9,10\n2,0,8,10\n3,0,7,10\n4,1,0,10\n5,1,0,10\n6,1,0,"
         "10\n",
         "3 months", "separation: there is no finite estimate"},
        {"month,treated,count,exposure\n1,0,0,10\n2,0,0,10\n3,0,0,10\n4,1,0,10\n5,1,0,10\n6,1,0,"
         "10\n",
         "3 months", "separation: every row is fitted without error, there is no finite estimate"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const json_t *const f =
            effect_of(fit_document(a, "interrupted", cases[i].csv, &usual), cases[i].term);

        ck_assert_msg(json_is_null(json_object_get(f, "p")), "case %zu", i);
        ck_assert_str_eq(json_string_value(json_object_get(f, "note")), cases[i].note);
    }
}
END_TEST

START_TEST(faulty_series_are_refused)
{
    static const struct {
        const char *csv, *start, *text;
        enum err_code code;
    } cases[] = {
        {"month,treated,count,exposure\n1,0,9,10\n2,0,8,10\n", NULL, "no row has treated = 1",
         ERR_INPUT},
        {"month,treated,count,exposure\n1,2,9,10\n", NULL,
         "line 2, column 3: treated is neither 0 nor 1", ERR_INPUT},
        {"month,treated,count,exposure\n1,0,9,10\n1,0,9,10\n2,1,3,10\n", NULL,
         "line 3, column 1: month stands twice", ERR_INPUT},
        {"month,treated,count,exposure\n1,1,9,10\n2,1,9,10\n", NULL,
         "treated is 1 from the first month on: when the decision began is not known", ERR_USAGE},
        {"month,treated,count,exposure\n1,1,9,10\n2,1,9,10\n", "3",
         "--start lies before the second month or after the last", ERR_USAGE},
        {"month,treated,count,exposure\n1,1,9,10\n2,1,9,10\n", "2026-01", "--start is not a month",
         ERR_USAGE},
        {"month,treated,count,exposure\n1,0,9,10\n2,1,9,10\n3,0,9,10\n", NULL,
         "line 4, column 3: treated is 0 after the start", ERR_INPUT},
        {"month,treated,count,exposure,place\n1,0,9,10,a\n2,1,9,10,a\n1,0,9,10,b\n3,1,9,10,b\n",
         NULL, "treated begins in different months", ERR_INPUT},
        {"month,treated,count,exposure\n1,0,9,0\n2,1,9,0\n", NULL, "no row has an exposure over 0",
         ERR_INPUT},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fit_options options = usual;
        struct err e = {0};

        options.start = cases[i].start;
        ck_assert_ptr_null(fit_document_text(a, "interrupted", cases[i].csv, &options, &e));
        ck_assert_str_eq(e.text, cases[i].text);
        ck_assert_int_eq(e.code, cases[i].code);
        ck_assert(e.hint[0] != '\0');
    }
}
END_TEST

Suite *interrupted_suite(void);

Suite *
interrupted_suite(void)
{
    Suite *const s = suite_create("interrupted");
    TCase *const t = tcase_create("interrupted");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, effects_are_those_of_r);
    tcase_add_test(t, the_unit_of_exposure_does_not_matter);
    tcase_add_test(t, what_all_places_share_is_no_effect);
    tcase_add_test(t, the_interval_holds_the_planted_effect_in_95_of_100);
    tcase_add_test(t, nothing_is_said_beyond_the_last_month);
    tcase_add_test(t, the_start_is_read_from_the_column_or_named);
    tcase_add_test(t, what_cannot_be_told_is_null_with_a_note);
    tcase_add_test(t, faulty_series_are_refused);
    suite_add_tcase(s, t);
    return s;
}
