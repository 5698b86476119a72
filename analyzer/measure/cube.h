/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Cells summed to what figures need: window x place x perspective x group. Leaves out the months in
 * which a feature is hardly covered (A003) and says which; knows which areas lie in which. Places
 * are the city (0), the areas of the set, and then the units. Constant after cube_new().
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_CUBE_H
#define MAATSTAF_ANALYZER_MEASURE_CUBE_H

#include "analyzer/cells/inputs.h"
#include "analyzer/measure/figure.h"

enum { WINDOW_MONTH, WINDOW_3, WINDOW_12, WINDOW_YEAR, WINDOWS };
extern const char *const window_names[WINDOWS];

enum { GROUPS_MOST = 40 };

struct cube_place {
    const char *code, *name, *level; /* the city's code is "" */
    const char *area;                /* code in reference figures; NULL for a unit */
    int parent;                      /* number of the place it lies in; -1 for city and units */
    bool unknown;
};

/* A month that was left out of a feature's (or perspective's) sums. */
struct cube_gap {
    int month;        /* 0 is the oldest of CELLS_MONTHS */
    const char *what; /* feature or perspective name; "stops" when the month has none */
    double coverage;  /* share that had it */
};

struct cube;

struct cube *cube_new(struct arena *a, const struct inputs *in);

const struct inputs *cube_inputs(const struct cube *c);
unsigned cube_place_count(const struct cube *c);
const struct cube_place *cube_place(const struct cube *c, unsigned place);
unsigned cube_group_count(const struct cube *c); /* groups proper: not "not perceived" */
const char *cube_group(const struct cube *c, unsigned group); /* from 0 */
int cube_group_find(const struct cube *c, const char *code);  /* -1: none */

/* Whether any person has a group from that perspective in the twelve months. */
bool cube_has_perspective(const struct cube *c, unsigned perspective);

/*
 * Sums over a window. group -1: in perspective 0 everybody, in another everybody with a group
 * proper. Persons without a perceived group are in none.
 */
double cube_sum(const struct cube *c, unsigned window, unsigned place, unsigned perspective,
                int group, enum sum sum);

/* Persons in the same window one year earlier. */
double cube_persons_before(const struct cube *c, unsigned window, unsigned place,
                           unsigned perspective, int group);

/* Persons and strict hits of the months in which both searches and hits take part. */
struct cube_outcome {
    double persons, hits;
};
struct cube_outcome cube_outcome(const struct cube *c, unsigned window, unsigned place,
                                 unsigned perspective, int group);
unsigned cube_months_with_outcome(const struct cube *c, unsigned window, unsigned perspective);

/* Persons marked as not perceived (or any code that is no group proper). */
double cube_not_perceived(const struct cube *c, unsigned window, unsigned place,
                          unsigned perspective);

/* Months of the window, and how many of them take part for a feature and a perspective. */
unsigned cube_months(const struct cube *c, unsigned window);
unsigned cube_months_used(const struct cube *c, unsigned window, enum feature feature,
                          unsigned perspective);

/* Month number (0 is the oldest) of a window's first month; its last is CELLS_MONTHS - 1. */
unsigned cube_first_month(const struct cube *c, unsigned window);

size_t cube_gap_count(const struct cube *c);
const struct cube_gap *cube_gap(const struct cube *c, size_t i);

/* The place of an area by its number in the cells; -1 for none. */
int cube_place_of_area(const struct cube *c, unsigned area);
int cube_place_find(const struct cube *c, const char *level, const char *code);

/* Do figures of a window speak of a place? Buurten only in twelve months: a month is too little. */
bool cube_shows(const struct cube *c, unsigned window, unsigned place);

/* Whether a month (0 is the oldest) takes part for a feature and a perspective. */
bool cube_month_counts(const struct cube *c, unsigned month, enum feature feature,
                       unsigned perspective);

/* The level of places that pooled figures run over: "wijk", or "area" in sets without wijken. */
const char *cube_pool_level(const struct cube *c);

/* The name of a feature, for gaps and notes. */
extern const char *const feature_names[FEATURE_COUNT];

#endif
