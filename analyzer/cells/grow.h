/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Lists that grow in an arena. An arena gives nothing back before its end, so a list doubles and
 * leaves its former self behind: at most as much again as it holds. The caller owns the list by
 * its arena, keeps count and room itself, and must not hold on to elements while it may grow.
 */
#ifndef MAATSTAF_ANALYZER_CELLS_GROW_H
#define MAATSTAF_ANALYZER_CELLS_GROW_H

#include "common/arena.h"

/*
 * A list with room for one more than count: the same one when *room has it, else a copy twice as
 * large (at first `first` elements), zeroed where it is new.
 */
void *grown(struct arena *a, void *list, size_t count, size_t *room, size_t first, size_t size);

#endif
