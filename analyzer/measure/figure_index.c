/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A sorted list of pointers and a binary search. Does not judge a figure: withheld ones are found
 * like others. Pointers belong to the arena, figures to their own list.
 */
#include "analyzer/measure/figure_index.h"

#include <stdlib.h>
#include <string.h>

struct figure_index {
    size_t count;
    const struct figure **list;
};

static struct figure_key
key_of(const struct figure *f)
{
    return (struct figure_key){f->measure,        f->term,  f->window,
                               f->level_of_place, f->place, f->group};
}

static int
compare_keys(const struct figure_key *x, const struct figure_key *y)
{
    const char *const members[][2] = {
        {x->measure, y->measure}, {x->term, y->term},
        {x->window, y->window},   {x->level_of_place, y->level_of_place},
        {x->place, y->place},     {x->group, y->group}};

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const int order = strcmp(members[i][0], members[i][1]);

        if (order != 0)
            return order;
    }
    return 0;
}

static int
by_key(const void *a, const void *b)
{
    const struct figure *const x = *(const struct figure *const *)a;
    const struct figure *const y = *(const struct figure *const *)b;
    const struct figure_key of_x = key_of(x), of_y = key_of(y);
    int order = compare_keys(&of_x, &of_y);

    if (order == 0)
        order = strcmp(x->benchmark, y->benchmark);
    return order ? order : (x > y) - (x < y);
}

struct figure_index *
figure_index_new(struct arena *a, const struct figures *f, const char *perspective)
{
    struct figure_index *const x = arena_alloc(a, sizeof *x);

    x->list = arena_array(a, f->count + 1, sizeof *x->list);
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->list[i].perspective, perspective) == 0)
            x->list[x->count++] = &f->list[i];
    if (x->count)
        qsort(x->list, x->count, sizeof *x->list, by_key);
    return x;
}

const struct figure *const *
figure_index_all(const struct figure_index *x, const struct figure_key *key, size_t *count)
{
    size_t low = 0, high = x->count;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        const struct figure_key at = key_of(x->list[middle]);

        if (compare_keys(&at, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (high = low; high < x->count; high++) {
        const struct figure_key at = key_of(x->list[high]);

        if (compare_keys(&at, key) != 0)
            break;
    }
    *count = high - low;
    return *count ? x->list + low : NULL;
}

const struct figure *
figure_index_find(const struct figure_index *x, const struct figure_key *key)
{
    size_t count;
    const struct figure *const *const found = figure_index_all(x, key, &count);

    return found ? found[0] : NULL;
}
