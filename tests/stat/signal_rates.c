/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How often signals are raised where nothing is planted, and how often where something is, through
 * the real measures and rules on cities on paper. The promise: with nothing planted at most one
 * false A or B per ten city-years and two C per city-year. A few city-years in `make test`, many
 * with LONG=1. Prints what it measured. Sampled measures are left out unless asked for.
 */
#include "analyzer/measure/exposure.h"
#include "analyzer/measure/like.h"
#include "analyzer/measure/measure.h"
#include "analyzer/measure/signal.h"
#include "tests/lib/paper_city.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *signal_rates_suite(void);

/* ---- months of a city ------------------------------------------------------------------------ */

/* A signal that was open in some month: the strongest grade that it had, from opening to closing.
 */
struct episode {
    struct signal signal;
    char best;
    unsigned from, until; /* months of the count */
};

enum { EPISODES_MOST = 4096 };

struct history {
    struct arena *arena;
    size_t count;
    struct episode *list;
    struct earlier_signal *earlier;
    size_t earlier_count;
};

static struct episode *
episode_of(struct history *h, const struct signal *s, unsigned month)
{
    for (size_t i = h->count; i > 0; i--)
        if (strcmp(h->list[i - 1].signal.id, s->id) == 0 && h->list[i - 1].until + 1 >= month)
            return &h->list[i - 1];
    ck_assert_uint_lt(h->count, EPISODES_MOST);
    h->list[h->count] = (struct episode){.signal = *s, .best = 'Z', .from = month};
    h->list[h->count].signal.place = arena_printf(h->arena, "%s", s->place);
    h->list[h->count].signal.group = arena_printf(h->arena, "%s", s->group);
    return &h->list[h->count++];
}

static void
remember(struct history *h, const struct signals *s, unsigned month)
{
    h->earlier = arena_array(h->arena, s->count + 1, sizeof *h->earlier);
    h->earlier_count = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct signal *const x = &s->list[i];

        if (x->status == SIGNAL_CLOSED)
            continue;

        struct episode *const e = episode_of(h, x, month);

        e->until = month;
        e->best = x->grade < e->best ? x->grade : e->best;
        h->earlier[h->earlier_count++] =
            (struct earlier_signal){.id = arena_printf(h->arena, "%s", x->id),
                                    .kind = kind_codes[x->kind],
                                    .level_of_place = x->level_of_place[0] == 'c' ? "city" : "wijk",
                                    .place = arena_printf(h->arena, "%s", x->place),
                                    .perspective = "after_contact",
                                    .group = arena_printf(h->arena, "%s", x->group),
                                    .grade = arena_printf(h->arena, "%c", x->grade),
                                    .since = arena_printf(h->arena, "%s", x->since)};
    }
}

/*
 * The measures that evidence reads, in the windows that rules read: all but the sampled thresholds
 * and the alarms, which cost ten times as much as the rest together, and the veil, for which these
 * cities have no light.
 */
static void
measure_evidence(struct arena *a, const struct cube *c, struct figures *out)
{
    static void (*const every_window[])(const struct measure *m) = {
        measure_stop_rate, measure_search, measure_hit, measure_robust};
    static void (*const year[])(const struct measure *m) = {measure_practice, measure_tipping,
                                                            measure_coverage, measure_persistent,
                                                            measure_alike,    measure_index_gap};
    const struct exposures *const residents = exposures_new(a, c);
    struct measure m = {.cube = c,
                        .residents = residents,
                        .small = small_new(a, c, residents),
                        .months = months_new(a, c),
                        .out = out,
                        .later = later_new(a),
                        .arena = a};

    m.like[PERSPECTIVE_AFTER] = like_new(a, c, PERSPECTIVE_AFTER);
    m.window = WINDOW_MONTH;
    for (size_t i = 0; i < sizeof every_window / sizeof *every_window; i++)
        every_window[i](&m);
    m.window = WINDOW_12;
    for (size_t i = 0; i < sizeof every_window / sizeof *every_window; i++)
        every_window[i](&m);
    for (size_t i = 0; i < sizeof year / sizeof *year; i++)
        year[i](&m);
    later_run(m.later, out, 0);
    measure_adjust(out, 0);
}

/* SIGNAL_EVERY: with every measure there is. */
static void
measure_city(struct arena *a, const struct cube *c, struct figures *out)
{
    if (getenv("SIGNAL_EVERY"))
        measure_all(a, c, exposures_new(a, c), out);
    else
        measure_evidence(a, c, out);
}

/* The signals of every month from the first that has 24 behind it. */
static struct history
months_of(struct arena *a, const struct paper_city *city, unsigned months)
{
    struct history h = {.arena = a, .list = arena_array(a, EPISODES_MOST, sizeof *h.list)};

    for (unsigned last = CELLS_MONTHS - 1; last < months; last++) {
        struct arena *const month = arena_child(a);
        struct inputs *const in = paper_city_inputs(month, city, last);
        struct figures figures = {.arena = month};

        in->earlier = h.earlier;
        in->earlier_count = h.earlier_count;

        const struct cube *const cube = cube_new(month, in);

        measure_city(month, cube, &figures);

        const struct signals s = signals_of(month, cube, &figures);

        remember(&h, &s, last);
        arena_free(month);
    }
    return h;
}

/* ---- counting -------------------------------------------------------------------------------- */

struct counts {
    unsigned years, grades[4], kinds[KINDS][4];
};

static void
count(struct counts *c, const struct history *h, unsigned years)
{
    c->years += years;
    for (size_t i = 0; i < h->count; i++) {
        c->grades[h->list[i].best - 'A']++;
        c->kinds[h->list[i].signal.kind][h->list[i].best - 'A']++;
    }
}

static void
print(const char *what, const struct counts *c)
{
    printf("%s: %u city-years; opened with at best A %u, B %u, C %u, D %u\n", what, c->years,
           c->grades[0], c->grades[1], c->grades[2], c->grades[3]);
    for (unsigned k = 0; k < KINDS; k++)
        printf("    %-12s A %u, B %u, C %u, D %u\n", kind_codes[k], c->kinds[k][0], c->kinds[k][1],
               c->kinds[k][2], c->kinds[k][3]);
}

static struct paper_options
options(unsigned stream, double stops, unsigned years)
{
    return (struct paper_options){.seed = 518,
                                  .stream = stream,
                                  .stops = stops,
                                  .months = CELLS_MONTHS - 1 + 12 * years,
                                  .spread = 0.15,
                                  .registered = 0.9,
                                  .plant = {0, PAPER_NOTHING, 1, 1, 1, 1}};
}

/* SIGNAL_CITIES, SIGNAL_FIRST (the first of them) and SIGNAL_STOPS (a month) ask for other rounds
 * than the tests'. */
static double
asked_for(const char *name, double otherwise)
{
    const char *const value = getenv(name);

    return value ? strtod(value, NULL) : otherwise;
}

static struct counts
nothing_planted(unsigned cities, unsigned years, double stops)
{
    const unsigned first = (unsigned)asked_for("SIGNAL_FIRST", 0);
    struct counts c = {0};

    for (unsigned i = first; i < first + cities; i++) {
        struct arena *const a = arena_new();
        const struct paper_options o = options(i, stops, years);
        struct err e = {0};
        const struct paper_city *const city = paper_city_new(a, &o, &e);

        ck_assert_msg(city != NULL, "%s", e.text);

        const struct history h = months_of(a, city, o.months);

        count(&c, &h, years);
        arena_free(a);
        if (getenv("SIGNAL_CITIES")) { /* rounds of hours: what is done so far */
            print("nothing planted, so far", &c);
            fflush(stdout);
        }
    }
    return c;
}

/* The most that a promise of `mean` explains at all: exceeded by chance once in 1,000. */
static unsigned
most_of(double mean)
{
    double p = exp(-mean), sum = p;
    unsigned k = 0;

    while (sum < 0.999) {
        k++;
        p *= mean / k;
        sum += p;
    }
    return k;
}

START_TEST(with_nothing_planted_signals_stay_within_the_promise)
{
    const unsigned cities = (unsigned)asked_for("SIGNAL_CITIES", getenv("LONG") ? 40 : 2);
    const struct counts c = nothing_planted(cities, 1, asked_for("SIGNAL_STOPS", 5000));
    const unsigned false_ab = most_of(0.1 * c.years), false_c = most_of(2.0 * c.years);

    print("nothing planted", &c);
    printf("    allowed: A and B %u, C %u\n", false_ab, false_c);
    ck_assert_uint_le(c.grades[0] + c.grades[1], false_ab);
    ck_assert_uint_le(c.grades[2], false_c);
}
END_TEST

/* ---- power ----------------------------------------------------------------------------------- */

static const struct scenario {
    const char *what;
    bool everywhere; /* else in the wijk with most residents of the group */
    struct paper_plant plant;
    enum signal_kind kind;
} scenarios[] = {
    {"searched at odds 1.3, finds in proportion, everywhere",
     true,
     {0, 0, 1, 1.3, 1, 1},
     KIND_SEARCH},
    {"searched at odds 1.5, finds in proportion, everywhere",
     true,
     {0, 0, 1, 1.5, 1, 1},
     KIND_SEARCH},
    {"searched at odds 2, finds in proportion, in one wijk",
     false,
     {0, 0, 1, 2, 1, 1},
     KIND_SEARCH},
    {"stopped 1.3 times, extra stops find half, everywhere",
     true,
     {0, 0, 1.3, 1, 1, 1},
     KIND_STOP_RATE},
    {"stopped 1.6 times, extra stops find half, everywhere",
     true,
     {0, 0, 1.6, 1, 1, 1},
     KIND_STOP_RATE},
    {"stopped twice, extra stops find half, in one wijk",
     false,
     {0, 0, 2, 1, 1, 1},
     KIND_STOP_RATE},
    {"explained 0.9 times, everywhere", true, {0, 0, 1, 1, 0.9, 1}, KIND_EXPLANATION},
    {"explained 0.8 times, in one wijk", false, {0, 0, 1, 1, 0.8, 1}, KIND_EXPLANATION},
    {"bodycam 0.9 times, everywhere", true, {0, 0, 1, 1, 1, 0.9}, KIND_BODYCAM},
    {"bodycam 0.8 times, in one wijk", false, {0, 0, 1, 1, 1, 0.8}, KIND_BODYCAM},
};

static int
group_of(const struct paper_city *city, const char *code)
{
    int g = 0;

    while (strcmp(paper_city_group(city, (unsigned)g), code) != 0)
        g++;
    return g;
}

/* The grade of what was planted in one month's analysis; 'Z': none. */
static char
grade_found(const struct scenario *s, unsigned stream, double stops)
{
    struct arena *const a = arena_new();
    struct paper_options o = options(1000 + stream, stops, 1);
    struct figures figures = {.arena = a};
    struct err e = {0};
    char grade = 'Z';

    o.months = CELLS_MONTHS;
    o.plant = (struct paper_plant){0, PAPER_NOTHING, 1, 1, 1, 1};

    const struct paper_city *city = paper_city_new(a, &o, &e);

    ck_assert_msg(city != NULL, "%s", e.text);
    o.plant = s->plant;
    o.plant.group = group_of(city, "zwart");
    o.plant.place =
        s->everywhere ? PAPER_EVERYWHERE : (int)paper_city_home(city, (unsigned)o.plant.group);

    const char *const place = s->everywhere ? "" : paper_city_place(city, (unsigned)o.plant.place);

    city = paper_city_new(a, &o, &e);

    const struct cube *const cube = cube_new(a, paper_city_inputs(a, city, CELLS_MONTHS - 1));

    measure_city(a, cube, &figures);

    const struct signals signals = signals_of(a, cube, &figures);

    for (size_t i = 0; i < signals.count; i++) {
        const struct signal *const x = &signals.list[i];

        if (x->kind == s->kind && strcmp(x->place, place) == 0 && strcmp(x->group, "zwart") == 0)
            grade = x->grade;
    }
    arena_free(a);
    return grade;
}

START_TEST(what_is_planted_is_found)
{
    const struct scenario *const s = &scenarios[_i];
    const double stops = asked_for("SIGNAL_STOPS", 5000);
    const unsigned cities = getenv("LONG") ? 25 : 1;
    unsigned grades[5] = {0};

    if (cities == 1 && !s->everywhere)
        return;
    for (unsigned i = 0; i < cities; i++) {
        const char grade = grade_found(s, i, stops);

        grades[grade == 'Z' ? 4 : grade - 'A']++;
    }
    printf("planted: %s: of %u cities A %u, B %u, C %u, D %u, none %u\n", s->what, cities,
           grades[0], grades[1], grades[2], grades[3], grades[4]);
    ck_assert_uint_gt(cities, grades[4]);
}
END_TEST

Suite *
signal_rates_suite(void)
{
    Suite *const s = suite_create("signal_rates");
    TCase *const rates = tcase_create("signal_rates");
    TCase *const power = tcase_create("signal_power");

    tcase_set_timeout(rates, 7200);
    tcase_add_test(rates, with_nothing_planted_signals_stay_within_the_promise);
    suite_add_tcase(s, rates);
    tcase_set_timeout(power, 7200);
    tcase_add_loop_test(power, what_is_planted_is_found, 0,
                        (int)(sizeof scenarios / sizeof *scenarios));
    suite_add_tcase(s, power);
    return s;
}
