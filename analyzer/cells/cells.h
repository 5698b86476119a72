/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Cells: counts of persons by month x area x unit x group, sufficient for every measure. Memory
 * only: load.h reads them from the database. Perspective 0 counts every person once and has no
 * group; in 1 to 3 a person counts under the group that was recorded from that perspective.
 * Everything belongs to the arena it was made in and is constant once settled.
 */
#ifndef MAATSTAF_ANALYZER_CELLS_CELLS_H
#define MAATSTAF_ANALYZER_CELLS_CELLS_H

#include "common/arena.h"
#include "sql/sums.h"

#include <stdint.h>

/* The month that is analysed is the last; the first twelve only count persons. */
enum { CELLS_MONTHS = 24 };

enum perspective {
    PERSPECTIVE_ALL,
    PERSPECTIVE_BEFORE,
    PERSPECTIVE_AFTER,
    PERSPECTIVE_SELF,
    PERSPECTIVES
};
/* "", "before_contact", "after_contact", "self" */
extern const char *const perspective_names[PERSPECTIVES];

extern const char *const sum_names[SUM_COUNT];
extern const enum feature sum_features[SUM_COUNT];

struct cell {
    uint16_t month; /* 0 is the oldest, CELLS_MONTHS - 1 the month that is analysed */
    uint16_t area, unit;
    uint16_t perspective, group;
    int32_t sum[SUM_COUNT];
};

struct reason_cell {
    uint16_t month;
    uint16_t area, reason;
    uint16_t perspective, group;
    int32_t persons;
};

/* Texts by number; a text gets its number when it is first seen. */
struct names;
struct names *names_new(struct arena *a);
unsigned names_add(struct names *n, const char *text);
int names_find(const struct names *n, const char *text); /* -1: not there */
unsigned names_count(const struct names *n);
const char *names_text(const struct names *n, unsigned number);
uint16_t *names_sort(struct names *n); /* by bytes; gives the new number of each old one */

struct cells {
    struct arena *arena;
    int month; /* month_index() of the last month */
    struct names *areas, *units, *groups, *reasons;
    size_t count, room, reason_count, reason_room;
    struct cell *list;
    struct reason_cell *reason_list;
};

struct cells *cells_new(struct arena *a, int month);

/* Room for one more; the caller fills it. Valid until the next call. */
struct cell *cells_add(struct cells *c);
struct reason_cell *cells_add_reason(struct cells *c);

/*
 * Renumbers names in byte order, sorts, adds equal cells up and drops empty ones, so that the
 * result depends on the counts alone and not on the order they came in.
 */
void cells_settle(struct cells *c);

#endif
