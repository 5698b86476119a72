/* SPDX-License-Identifier: EUPL-1.2 */
#include "analyzer/measure/figure.h"

#include <math.h>
#include <string.h>

struct figure *
figure_add(struct figures *f)
{
    if (f->count == f->capacity) {
        const size_t capacity = f->capacity ? f->capacity * 2 : 1024;
        struct figure *const list = arena_array(f->arena, capacity, sizeof *list);

        if (f->count)
            memcpy(list, f->list, f->count * sizeof *list);
        f->list = list;
        f->capacity = capacity;
    }

    struct figure *const x = &f->list[f->count++];

    *x = (struct figure){
        .measure = "",
        .method = "",
        .window = "",
        .level_of_place = "",
        .place = "",
        .perspective = "",
        .group = "",
        .reference = "",
        .term = "",
        .benchmark = "",
        .value = NAN,
        .lower = NAN,
        .upper = NAN,
        .level = NAN,
        .n = NAN,
        .events = NAN,
        .exposure = NAN,
        .p = NAN,
        .q = NAN,
        .statistic = NAN,
        .df = NAN,
        .detectable = NAN,
        .flagged = -1,
    };
    return x;
}
