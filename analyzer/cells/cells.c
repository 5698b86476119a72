/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The list of cells and the numbering of texts that it uses. Does not know where counts come from
 * nor what they mean: it adds, sorts and renumbers. All memory is the arena's that cells_new() was
 * given; lists grow by copying, so what cells_add() returned holds until the next call only.
 */
#include "analyzer/cells/cells.h"

#include "analyzer/cells/grow.h"
#include "common/err.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *const perspective_names[PERSPECTIVES] = {"", "before_contact", "after_contact", "self"};

#define X(name, feature) #name,
const char *const sum_names[SUM_COUNT] = {CELL_SUMS(X)};
#undef X
#define X(name, feature) FEATURE_##feature,
const enum feature sum_features[SUM_COUNT] = {CELL_SUMS(X)};
#undef X

/* ---- names ----------------------------------------------------------------------------------- */

enum { NAMES_MOST = 60000, NAMES_SLOTS = 1 << 17 };

struct names {
    struct arena *arena;
    const char **text;
    unsigned count;
    size_t room;
    uint32_t *slots; /* number + 1, 0 is free; open addressing */
    unsigned slot_count;
};

static uint32_t
hash_of(const char *s)
{
    uint32_t h = 2166136261u;

    for (; *s; s++)
        h = (h ^ (uint32_t)(unsigned char)*s) * 16777619u;
    return h;
}

struct names *
names_new(struct arena *a)
{
    struct names *const n = arena_alloc(a, sizeof *n);

    n->arena = a;
    n->slot_count = 256;
    n->slots = arena_array(a, n->slot_count, sizeof *n->slots);
    return n;
}

static uint32_t *
slot_of(const struct names *n, const char *text)
{
    uint32_t i = hash_of(text) & (n->slot_count - 1);

    while (n->slots[i] && strcmp(n->text[n->slots[i] - 1], text) != 0)
        i = (i + 1) & (n->slot_count - 1);
    return &n->slots[i];
}

static void
names_grow(struct names *n)
{
    n->slot_count *= 4;
    if (n->slot_count > NAMES_SLOTS * 4)
        err_fatal("too many different areas, units or groups");
    n->slots = arena_array(n->arena, n->slot_count, sizeof *n->slots);
    for (unsigned i = 0; i < n->count; i++)
        *slot_of(n, n->text[i]) = i + 1;
}

unsigned
names_add(struct names *n, const char *text)
{
    uint32_t *slot = slot_of(n, text);

    if (*slot)
        return *slot - 1;
    if (n->count >= NAMES_MOST)
        err_fatal("too many different areas, units or groups");
    n->text = grown(n->arena, n->text, n->count, &n->room, 64, sizeof *n->text);
    n->text[n->count++] = arena_strdup(n->arena, text);
    *slot = n->count;
    if (n->count * 2 > n->slot_count)
        names_grow(n);
    return n->count - 1;
}

int
names_find(const struct names *n, const char *text)
{
    return (int)*slot_of(n, text) - 1;
}

unsigned
names_count(const struct names *n)
{
    return n->count;
}

const char *
names_text(const struct names *n, unsigned number)
{
    return n->text[number];
}

static int
by_text(const void *a, const void *b)
{
    const char *const *const x = a;
    const char *const *const y = b;

    return strcmp(*x, *y);
}

uint16_t *
names_sort(struct names *n)
{
    uint16_t *const moved = arena_array(n->arena, n->count + 1, sizeof *moved);
    const char **const before = arena_array(n->arena, n->count + 1, sizeof *before);

    if (n->count == 0)
        return moved;
    memcpy(before, n->text, n->count * sizeof *before);
    qsort(n->text, n->count, sizeof *n->text, by_text);
    memset(n->slots, 0, n->slot_count * sizeof *n->slots);
    for (unsigned i = 0; i < n->count; i++)
        *slot_of(n, n->text[i]) = i + 1;
    for (unsigned i = 0; i < n->count; i++)
        moved[i] = (uint16_t)names_find(n, before[i]);
    return moved;
}

/* ---- cells ----------------------------------------------------------------------------------- */

enum { CELLS_FIRST = 4096 };

struct cells *
cells_new(struct arena *a, int month)
{
    struct cells *const c = arena_alloc(a, sizeof *c);

    *c = (struct cells){
        .arena = a,
        .month = month,
        .areas = names_new(a),
        .units = names_new(a),
        .groups = names_new(a),
        .reasons = names_new(a),
    };
    return c;
}

struct cell *
cells_add(struct cells *c)
{
    c->list = grown(c->arena, c->list, c->count, &c->room, CELLS_FIRST, sizeof *c->list);
    return &c->list[c->count++];
}

struct reason_cell *
cells_add_reason(struct cells *c)
{
    c->reason_list = grown(c->arena, c->reason_list, c->reason_count, &c->reason_room, CELLS_FIRST,
                           sizeof *c->reason_list);
    return &c->reason_list[c->reason_count++];
}

static int
by_dimensions(const void *a, const void *b)
{
    const struct cell *const x = a;
    const struct cell *const y = b;
    const int order[] = {x->month - y->month, x->area - y->area, x->unit - y->unit,
                         x->perspective - y->perspective, x->group - y->group};

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (order[i] != 0)
            return order[i];
    return 0;
}

static int
by_reason_dimensions(const void *a, const void *b)
{
    const struct reason_cell *const x = a;
    const struct reason_cell *const y = b;
    const int order[] = {x->month - y->month, x->area - y->area, x->perspective - y->perspective,
                         x->group - y->group, x->reason - y->reason};

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (order[i] != 0)
            return order[i];
    return 0;
}

static void
settle_cells(struct cells *c)
{
    size_t kept = 0;

    qsort(c->list, c->count, sizeof *c->list, by_dimensions);
    for (size_t i = 0; i < c->count;) {
        struct cell sum = c->list[i];

        for (i++; i < c->count && by_dimensions(&sum, &c->list[i]) == 0; i++)
            for (unsigned s = 0; s < SUM_COUNT; s++)
                sum.sum[s] += c->list[i].sum[s];
        if (sum.sum[SUM_persons] != 0)
            c->list[kept++] = sum;
    }
    c->count = kept;
}

static void
settle_reasons(struct cells *c)
{
    size_t kept = 0;

    qsort(c->reason_list, c->reason_count, sizeof *c->reason_list, by_reason_dimensions);
    for (size_t i = 0; i < c->reason_count;) {
        struct reason_cell sum = c->reason_list[i];

        for (i++; i < c->reason_count && by_reason_dimensions(&sum, &c->reason_list[i]) == 0; i++)
            sum.persons += c->reason_list[i].persons;
        if (sum.persons != 0)
            c->reason_list[kept++] = sum;
    }
    c->reason_count = kept;
}

void
cells_settle(struct cells *c)
{
    const uint16_t *const area = names_sort(c->areas);
    const uint16_t *const unit = names_sort(c->units);
    const uint16_t *const group = names_sort(c->groups);
    const uint16_t *const reason = names_sort(c->reasons);

    for (size_t i = 0; i < c->count; i++) {
        struct cell *const x = &c->list[i];

        x->area = area[x->area];
        x->unit = unit[x->unit];
        x->group = group[x->group];
    }
    for (size_t i = 0; i < c->reason_count; i++) {
        struct reason_cell *const x = &c->reason_list[i];

        x->area = area[x->area];
        x->group = group[x->group];
        x->reason = reason[x->reason];
    }
    if (c->count)
        settle_cells(c);
    if (c->reason_count)
        settle_reasons(c);
}
