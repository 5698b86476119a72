/* SPDX-License-Identifier: EUPL-1.2 */
/* The city of the tests of signals: cells counted from nothing but what stands here. */
#include "tests/lib/signal_city.h"

enum { NOW = CELLS_MONTHS - 1 };

static struct place places[] = {{"C", "City", "city", NULL}, {"A1", "One", "area", "C"},
                                {"A2", "Two", "area", "C"},  {"A3", "Three", "area", "C"},
                                {"A4", "Four", "area", "C"}, {"A5", "Five", "area", "C"},
                                {"A6", "Six", "area", "C"}};
static struct label labels[] = {{"groups", "x", "iks", "ex", false, false},
                                {"groups", "y", "ei", "why", false, false},
                                {"groups", "unseen", "niet", "not", true, false}};

void
signal_city(struct arena *a, double perceived, struct inputs *in)
{
    struct cells *const cells = cells_new(a, 2026 * 12 + 9);

    for (unsigned m = NOW - 11; m <= NOW; m++)
        for (unsigned p = 1; p < sizeof places / sizeof *places; p++)
            for (unsigned g = 0; g < 3; g++) {
                struct cell *const x = cells_add(cells);

                x->month = (uint16_t)m;
                x->area = (uint16_t)names_add(cells->areas, places[p].code);
                x->unit = (uint16_t)names_add(cells->units, "u");
                x->perspective = g ? PERSPECTIVE_AFTER : PERSPECTIVE_ALL;
                x->group = (uint16_t)names_add(cells->groups, g == 0 ? "" : g == 1 ? "x" : "y");
                x->sum[SUM_persons] = g == 0 ? 1000 : (int)(500 * perceived);
            }
    cells_settle(cells);
    *in = (struct inputs){.choices = {.month = {2026, 10},
                                      .area_set = "made-up",
                                      .group_list = "groups",
                                      .bridge_version = "",
                                      .reference = "others",
                                      .level = 0.95},
                          .cells = cells,
                          .city_name = "Made Up",
                          .municipality = "",
                          .places = places,
                          .place_count = sizeof places / sizeof *places,
                          .labels = labels,
                          .label_count = sizeof labels / sizeof *labels};
}

struct figure *
signal_figure(struct figures *list, const char *measure, const char *term, const char *place)
{
    struct figure *const f = figure_add(list);

    f->measure = measure;
    f->term = term;
    f->window = "12-months";
    f->level_of_place = *place ? "area" : "city";
    f->place = place;
    f->perspective = "after_contact";
    f->group = "x";
    f->reference = "others";
    f->value = 0;
    f->n = f->events = 1000;
    return f;
}

struct figure *
signal_numbers(struct figure *f, double value, double p, double q)
{
    f->value = value;
    f->lower = value * 0.9;
    f->upper = value * 1.1;
    f->p = p;
    f->q = q;
    return f;
}

void
signal_searches(struct figures *list, const char *place, double persons)
{
    struct figure *f =
        signal_numbers(signal_figure(list, "search-difference", "", place), 0.08, 1e-9, 1e-8);

    f->n = persons;
    f->events = 100;
    f->exposure = 5000;
    signal_numbers(signal_figure(list, "robust", "search", place), 1, 1e-5, 1e-4);
    f = signal_figure(list, "persistent", "search", place);
    f->value = 4;
    f->n = 4;
}
