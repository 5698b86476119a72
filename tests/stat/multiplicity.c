/* SPDX-License-Identifier: EUPL-1.2 */
/* q values against R's p.adjust. */
#include "analyzer/stat/multiplicity.h"

#include "tests/lib/golden.h"

#include <math.h>

enum { MOST = 16 };

START_TEST(q_values_are_those_of_p_adjust)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "multiplicity", "cases");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        double p[MOST], q[MOST], reference[MOST];
        size_t order[MOST];
        const size_t count = golden_numbers(c, "p", p, MOST);

        golden_numbers(c, "q", reference, MOST);
        multiplicity_q(p, count, order, q);
        for (size_t k = 0; k < count; k++) {
            ck_assert_int_eq(isnan(q[k]), isnan(reference[k]));
            assert_relative("q", q[k], reference[k], CLOSED);
        }
    }
    arena_free(a);
}
END_TEST

START_TEST(benjamini_and_hochberg_reject_four)
{
    /* the 1995 paper, p. 295: at q* = 0.05 four hypotheses fall, Bonferroni would take three */
    double p[] = {.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                  .0459, .3240, .4262, .5719, .6528, .7590, 1};
    size_t order[15];
    int rejected = 0;

    multiplicity_q(p, 15, order, p); /* in place */
    for (int i = 0; i < 15; i++)
        rejected += p[i] <= 0.05;
    ck_assert_int_eq(rejected, 4);
}
END_TEST

Suite *multiplicity_suite(void);

Suite *
multiplicity_suite(void)
{
    Suite *const s = suite_create("multiplicity");
    TCase *const t = tcase_create("multiplicity");

    tcase_add_test(t, q_values_are_those_of_p_adjust);
    tcase_add_test(t, benjamini_and_hochberg_reject_four);
    suite_add_tcase(s, t);
    return s;
}
