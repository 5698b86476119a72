/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is planted: a JSON file with a list of disparities, each of one kind, for a place, a group
 * and months. Nothing is planted without a plan. tests/simulator/README.md describes the file.
 */
#ifndef MAATSTAF_TESTS_SIMULATOR_PLAN_H
#define MAATSTAF_TESTS_SIMULATOR_PLAN_H

#include "common/clock.h"
#include "common/json.h"
#include "tests/simulator/city.h"

enum plan_kind { PLAN_RATE, PLAN_THRESHOLD, PLAN_REASON, PLAN_EXPLANATION, PLAN_REGISTRATION };

struct disparity {
    enum plan_kind kind;
    const char *place; /* buurt or wijk code; NULL: everywhere */
    int group;         /* index; -1: everybody */
    const char *code;  /* reason: the behaviour or fact code that is stated more often */
    double factor;     /* rate, reason, explanation, registration: times; threshold: added to the
                          signal's threshold */
    int from, until;   /* month_index, both included */
};

struct plan {
    const char *name;
    unsigned count;
    struct disparity *list;
    const json_t *source; /* as read, for the truth file; NULL without a plan */
};

/* path NULL: the empty plan. Mistakes name the entry and the field. */
bool plan_load(struct plan *plan, struct arena *a, const char *path, const struct city *city,
               struct err *e);

/* Product of the factors (sum of the shifts for PLAN_THRESHOLD) that hold here; 1 (0) when none
 * does. */
double plan_effect(const struct plan *plan, enum plan_kind kind, const struct place *place,
                   int group, int month, const char *code);

#endif
