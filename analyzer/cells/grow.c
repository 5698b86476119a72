/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The one way in which lists of cells, names, figures and jobs grow. Does not shrink, sort or free:
 * all memory is the arena's until its end.
 */
#include "analyzer/cells/grow.h"

#include <string.h>

void *
grown(struct arena *a, void *list, size_t count, size_t *room, size_t first, size_t size)
{
    if (count < *room)
        return list;
    *room = *room ? *room * 2 : first;

    void *const bigger = arena_array(a, *room, size);

    if (count)
        memcpy(bigger, list, count * size);
    return bigger;
}
