/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One table of small.c while it is being made, places by groups, for what small_sums.c looks for in
 * it. Nobody else includes this. Slot 0 is all, then the groups.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_SMALL_TABLE_H
#define MAATSTAF_ANALYZER_MEASURE_SMALL_TABLE_H

#include "analyzer/measure/small.h"

#include <string.h>

enum { NOWHERE = -1 };

/* How a place takes part in figures pooled over places. */
enum small_part { NOT_POOLED, WITHOUT_RESIDENTS, WITH_RESIDENTS };

struct small_shape {
    const struct cube *cube;
    const bool *inside;     /* by place, those whose residents the city's are the sum of; or NULL */
    unsigned places, slots; /* places: one more, the part of the city with residents */
    enum small_part *part;  /* by place */
};

struct small_table {
    struct arena *arena;
    const struct small_shape *small;
    unsigned window, perspective;
    unsigned sum;
    int *parent;  /* by place: the place it is counted in; NOWHERE: it is not shown */
    bool *parted; /* by place: whether its parts are shown */
    bool units;
    double *value;
    bool *withheld;
    bool *told; /* by slot: pooled figures tell its sums; NULL: of none */
};

/* Hides more until nothing hidden follows from what is shown. */
void small_protect(struct small_table *t);

/*
 * Of a perspective's slots, those of which the sums of what is hidden may be told: all that may,
 * else one after another as long as nothing follows. allowed: by slot, or NULL.
 */
void small_open(struct small_table *t, const bool *allowed, bool *open);

/* What a place has and none of its parts; units are the city's other parts. */
double small_left_over(const struct small_table *t, unsigned place, unsigned slot, bool units);

static inline size_t
small_at(const struct small_shape *s, unsigned place, unsigned perspective, unsigned slot)
{
    return ((size_t)place * PERSPECTIVES + perspective) * s->slots + slot;
}

static inline unsigned
small_slots(const struct small_table *t)
{
    return t->perspective == PERSPECTIVE_ALL ? 1 : t->small->slots;
}

static inline double
small_value(const struct small_table *t, unsigned place, unsigned slot)
{
    return t->value[small_at(t->small, place, t->perspective, slot)];
}

static inline bool *
small_mark(const struct small_table *t, unsigned place, unsigned slot)
{
    return &t->withheld[small_at(t->small, place, t->perspective, slot)];
}

static inline bool
small_is_unit(const struct small_table *t, unsigned place)
{
    return place < cube_place_count(t->small->cube) &&
           strcmp(cube_place(t->small->cube, place)->level, "unit") == 0;
}

static inline bool
small_is_few(double n)
{
    return n > 0 && n < SMALL_NUMBER;
}

#endif
