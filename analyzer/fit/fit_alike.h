/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An open hash table of numbers (of levels, of rows) that the caller compares: what makes a column
 * of text a column of numbers while it is read, and rows that agree in all columns one row. Knows
 * neither texts nor rows. Memory is the heap's, freed by the owner with alike_free().
 */
#ifndef MAATSTAF_ANALYZER_FIT_FIT_ALIKE_H
#define MAATSTAF_ANALYZER_FIT_FIT_ALIKE_H

#include <stddef.h>
#include <stdint.h>

struct alike_slot {
    uint32_t hash;
    uint32_t number; /* from 1; 0: the slot is free */
};

struct alike {
    size_t room, used; /* room is a power of 2, or 0 before the first alike_reserve() */
    struct alike_slot *slot;
};

uint64_t alike_hash(const char *data, size_t length);

/*
 * The slots that may hold what has this hash, one after another until a free one:
 *   for (size_t at = alike_start(t, h); t->slot[at].number != 0; at = alike_next(t, at)) …
 */
static inline size_t
alike_start(const struct alike *t, uint64_t hash)
{
    return (size_t)hash & (t->room - 1);
}

static inline size_t
alike_next(const struct alike *t, size_t at)
{
    return (at + 1) & (t->room - 1);
}

/* Makes room for one more; before a search, so that there is always a free slot. */
void alike_reserve(struct alike *t);

/* Puts a number (from 0) into the free slot where its search ended. */
static inline void
alike_put(struct alike *t, size_t at, uint64_t hash, uint32_t number)
{
    t->slot[at] = (struct alike_slot){(uint32_t)hash, number + 1};
    t->used++;
}

void alike_free(struct alike *t);

#endif
