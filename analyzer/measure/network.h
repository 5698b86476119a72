/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Numbers that add up, as a graph: a number is an edge, a sum that must hold is a node, and each
 * number stands in two sums at most (the ground stands in for a missing one). A number that nobody
 * is shown can be worked out from those that are exactly when its edge lies on no cycle of unshown
 * edges. Knows no places or groups. Belongs to the arena it was made in.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_NETWORK_H
#define MAATSTAF_ANALYZER_MEASURE_NETWORK_H

#include "common/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct network;

struct network *network_new(struct arena *a, size_t nodes, size_t edges_most);

/* Adds an edge; `cost` is what not showing it would cost. Returns its number, counted from 0. */
size_t network_add(struct network *n, size_t from, size_t to, double cost, bool hidden);

/*
 * Hides more, as cheaply as one detour after another can, until each hidden edge lies on a cycle of
 * hidden ones. An edge that no cycle runs through stays as it is.
 */
void network_protect(struct network *n);

bool network_hidden(const struct network *n, size_t edge);

/* Looks, without hiding anything, which hidden edges lie on no cycle; those of the last look. */
void network_look(struct network *n);
bool network_is_bridge(const struct network *n, size_t edge);

#endif
