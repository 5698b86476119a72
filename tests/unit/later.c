/* SPDX-License-Identifier: EUPL-1.2 */
/* Work that is put off and shared out over threads: the same figures whatever their number. */
#include "analyzer/measure/later.h"
#include "common/rng.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <math.h>

Suite *later_suite(void);

/* A task: adds up in room of its own, and appends what came of it. */
struct addition {
    unsigned most;
    double value;
};

static void
sum_up(void *context, struct arena *room)
{
    struct addition *const s = context;
    double *const list = arena_array(room, s->most, sizeof *list);

    for (unsigned i = 0; i < s->most; i++)
        list[i] = i;
    for (unsigned i = 0; i < s->most; i++)
        s->value += list[i];
}

static void
append_sum(void *context, struct figures *f)
{
    const struct addition *const s = context;

    figure_add(f)->value = s->value;
}

/* Every kind of put-off job, on one thread and on several. */
static struct figures
put_off(unsigned threads)
{
    enum { DRAWS = 500, FIGURES = 400, TASKS = 50 };
    struct addition *const sums = arena_array(a, TASKS, sizeof *sums);
    struct figures f = {.arena = a};
    struct later *const later = later_new(a);
    double *const n1 = arena_array(a, DRAWS, sizeof *n1);
    double *const n0 = arena_array(a, DRAWS, sizeof *n0);
    double *const reasons = arena_array(a, 8, sizeof *reasons);
    struct rng rng = rng_stream(4, 0);

    for (unsigned i = 0; i < DRAWS; i++) {
        n1[i] = 1000 + 100 * rng_uniform(&rng);
        n0[i] = 9000 + 500 * rng_uniform(&rng);
    }
    for (unsigned i = 0; i < 8; i++)
        reasons[i] = 5 + 3 * i;
    for (unsigned i = 0; i < FIGURES; i++) {
        figure_add(&f)->level = 0.95;
        if (i % 4 == 0)
            later_detectable(later, &f, 3 + i, 1000, 9000);
        else if (i % 4 == 1)
            later_rate(later, &f, i, n1, DRAWS, 0.5);
        else if (i % 4 == 2)
            later_ratio(later, &f, i, 3 * i, n1, n0, i % 8 == 2, DRAWS);
        else
            later_distance(later, &f, reasons, reasons + 4, 4, 20, 7, i);
    }
    for (unsigned i = 0; i < TASKS; i++) {
        sums[i].most = i;
        later_task(later, (struct later_task){sum_up, append_sum, &sums[i]});
    }
    later_run(later, &f, threads);
    return f;
}

static bool
same(double x, double y)
{
    return x == y || (isnan(x) && isnan(y));
}

START_TEST(the_number_of_threads_does_not_matter)
{
    const struct figures one = put_off(1), many = put_off(5);

    ck_assert_uint_eq(one.count, 450);
    for (size_t i = 0; i < one.count; i++) {
        const struct figure *const x = &one.list[i], *const y = &many.list[i];
        const double task = (double)i - 400;

        if (i >= 400) {
            ck_assert(x->value == y->value && x->value == task * (task - 1) / 2);
            continue;
        }

        ck_assert(same(x->lower, y->lower) && same(x->upper, y->upper) && same(x->p, y->p) &&
                  same(x->detectable, y->detectable));
        ck_assert_msg(i % 4 == 0 ? x->detectable > 1 : x->lower < x->upper, "figure %zu", i);
    }
}
END_TEST

Suite *
later_suite(void)
{
    Suite *const s = suite_create("later");
    TCase *const t = tcase_create("later");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, the_number_of_threads_does_not_matter);
    suite_add_tcase(s, t);
    return s;
}
