/* SPDX-License-Identifier: EUPL-1.2 */
/* The city is the simulator's; a check has its own stream of one seed. */
#include "tests/lib/coverage.h"

#include "common/err.h"
#include "tests/simulator/city.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIALS = 1000, TRIALS_SANITIZED = 60 };

static void
load(struct arena *a, struct coverage_city *out)
{
    struct city city;
    struct err e = {0};
    const char *wijk = NULL;

    ck_assert_msg(city_load(&city, a, 2020, &e), "%s", e.text);
    *out = (struct coverage_city){0};
    for (unsigned p = 0; p < city.place_count; p++) {
        if (!wijk || strcmp(wijk, city.places[p].wijk) != 0)
            out->places++;
        wijk = city.places[p].wijk;
        ck_assert_uint_le(out->places, COVERAGE_PLACES);
        for (unsigned g = 0; g < city.group_count; g++) {
            double *const to = g == 0 ? out->group : out->others;

            to[out->places - 1] += city.places[p].residents[g];
        }
    }

    /* Wijken with next to nobody say nothing and are left out. */
    size_t kept = 0;

    for (size_t p = 0; p < out->places; p++) {
        if (out->group[p] < 100 || out->others[p] < 100)
            continue;
        out->group[kept] = round(out->group[p]);
        out->others[kept++] = round(out->others[p]);
    }
    out->places = kept;
    for (size_t p = 0; p < kept; p++)
        out->largest = out->group[p] > out->group[out->largest] ? p : out->largest;
    ck_assert_uint_gt(kept, 30);
}

void
coverage_count(struct coverage_trial *t, struct estimate x, double truth)
{
    if (isnan(x.lower) || isnan(x.upper))
        return;
    t->held += x.lower <= truth && truth <= x.upper;
    t->asked += 1;
}

void
coverage_wald(struct coverage_trial *t, double value, double se, double truth)
{
    const double reach = 1.959963984540054 * se;

    coverage_count(t, (struct estimate){value, value - reach, value + reach}, truth);
}

void
coverage_assert(const struct coverage_check *check)
{
    const unsigned trials = getenv("SANITIZED") ? TRIALS_SANITIZED : TRIALS;
    struct arena *const a = arena_new();
    struct coverage_city city;
    struct rng rng = rng_stream(20260101, 0);
    double held = 0, asked = 0;
    unsigned answered = 0;

    load(a, &city);
    for (unsigned i = 0; i < trials; i++) {
        struct coverage_trial t = {&city, &rng, arena_child(a), i, 0, 0};

        check->draw(&t);
        arena_free(t.arena);
        if (t.asked > 0) {
            held += t.held / t.asked; /* a city is one observation */
            asked += t.asked;
            answered++;
        }
    }
    arena_free(a);

    const double share = held / answered;
    const double slack = trials == TRIALS ? 0 : 4 * sqrt(0.05 * 0.95 / trials);

    printf("coverage: %s: %.1f%% of %.0f intervals in %u cities (%.0f to %.0f%%)\n", check->name,
           100 * share, asked, answered, 100 * check->least, 100 * check->most);
    ck_assert_msg(answered * 50 >= trials * 49, "%s: only %u of %u cities gave an interval",
                  check->name, answered, trials);
    ck_assert_msg(share >= check->least - slack && share <= check->most + slack,
                  "%s: %.1f%% of the intervals hold the truth, not %.0f to %.0f%%", check->name,
                  100 * share, 100 * check->least, 100 * check->most);
}
