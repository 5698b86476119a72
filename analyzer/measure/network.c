/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bridges by depth-first search, and for each bridge the cheapest way round by Dijkstra's method,
 * in which hidden edges cost nothing. Order of nodes and edges decides between equals, so the same
 * numbers always give the same choice. Does not look for the cheapest set over all bridges.
 */
#include "analyzer/measure/network.h"

#include <math.h>
#include <string.h>

enum { NONE = -1 };

struct edge {
    size_t end[2];
    int next[2]; /* in the list of either end: number of edge x 2 + side */
    double cost;
    bool hidden, bridge, hopeless;
};

struct network {
    size_t nodes, edges;
    struct edge *list;
    int *first;
    unsigned *seen, *low; /* of the search for bridges */
    unsigned clock;
    double *far; /* of the search for a way round */
    int *by;
    bool *done;
    struct stop {
        double far;
        size_t node;
    } * heap;
    size_t waiting;
};

struct network *
network_new(struct arena *a, size_t nodes, size_t edges_most)
{
    struct network *const n = arena_alloc(a, sizeof *n);

    n->nodes = nodes;
    n->list = arena_array(a, edges_most + 1, sizeof *n->list);
    n->first = arena_array(a, nodes, sizeof *n->first);
    n->seen = arena_array(a, nodes, sizeof *n->seen);
    n->low = arena_array(a, nodes, sizeof *n->low);
    n->far = arena_array(a, nodes, sizeof *n->far);
    n->by = arena_array(a, nodes, sizeof *n->by);
    n->done = arena_array(a, nodes, sizeof *n->done);
    n->heap = arena_array(a, 2 * edges_most + 2, sizeof *n->heap);
    for (size_t i = 0; i < nodes; i++)
        n->first[i] = NONE;
    return n;
}

size_t
network_add(struct network *n, size_t from, size_t to, double cost, bool hidden)
{
    struct edge *const x = &n->list[n->edges];

    *x = (struct edge){.end = {from, to}, .cost = cost, .hidden = hidden};
    for (int side = 0; side < 2; side++) {
        x->next[side] = n->first[x->end[side]];
        n->first[x->end[side]] = (int)n->edges * 2 + side;
    }
    return n->edges++;
}

bool
network_hidden(const struct network *n, size_t edge)
{
    return n->list[edge].hidden;
}

/* ---- the cheapest way round ------------------------------------------------------------------ */

static void
heap_put(struct network *n, struct stop x)
{
    size_t at = n->waiting++;

    while (at > 0 && n->heap[(at - 1) / 2].far > x.far) {
        n->heap[at] = n->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    n->heap[at] = x;
}

static struct stop
heap_take(struct network *n)
{
    const struct stop top = n->heap[0], last = n->heap[--n->waiting];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;

        if (child >= n->waiting)
            break;
        if (child + 1 < n->waiting && n->heap[child + 1].far < n->heap[child].far)
            child++;
        if (n->heap[child].far >= last.far)
            break;
        n->heap[at] = n->heap[child];
        at = child;
    }
    n->heap[at] = last;
    return top;
}

static void
leave(struct network *n, struct stop from, int without)
{
    for (int i = n->first[from.node]; i != NONE; i = n->list[i / 2].next[i % 2]) {
        const struct edge *const x = &n->list[i / 2];
        const size_t to = x->end[1 - i % 2];
        const double far = from.far + (x->hidden ? 0 : x->cost);

        if (i / 2 == without || far >= n->far[to])
            continue;
        n->far[to] = far;
        n->by[to] = i;
        heap_put(n, (struct stop){far, to});
    }
}

/* Hides the cheapest way from one end of an edge to the other; false when there is none. */
static bool
go_round(struct network *n, int edge)
{
    const size_t from = n->list[edge].end[0], to = n->list[edge].end[1];

    for (size_t i = 0; i < n->nodes; i++)
        n->far[i] = INFINITY;
    memset(n->done, 0, n->nodes * sizeof *n->done);
    n->waiting = 0;
    n->far[from] = 0;
    heap_put(n, (struct stop){0, from});
    while (n->waiting > 0) {
        const struct stop at = heap_take(n);

        if (at.node == to)
            break;
        if (!n->done[at.node])
            leave(n, at, edge);
        n->done[at.node] = true;
    }
    if (isinf(n->far[to]))
        return false;
    for (size_t at = to; at != from; at = n->list[n->by[at] / 2].end[n->by[at] % 2])
        n->list[n->by[at] / 2].hidden = true;
    return true;
}

/* ---- bridges --------------------------------------------------------------------------------- */

/* Marks the hidden edges on no cycle of hidden edges. As deep as the longest path of them. */
static void
visit(struct network *n, size_t node, int from)
{
    n->seen[node] = n->low[node] = ++n->clock;
    for (int i = n->first[node]; i != NONE; i = n->list[i / 2].next[i % 2]) {
        const size_t to = n->list[i / 2].end[1 - i % 2];

        if (!n->list[i / 2].hidden || i / 2 == from)
            continue;
        if (!n->seen[to]) {
            visit(n, to, i / 2);
            n->low[node] = n->low[to] < n->low[node] ? n->low[to] : n->low[node];
            n->list[i / 2].bridge = n->low[to] > n->seen[node];
        } else if (n->seen[to] < n->low[node]) {
            n->low[node] = n->seen[to];
        }
    }
}

void
network_look(struct network *n)
{
    n->clock = 0;
    memset(n->seen, 0, n->nodes * sizeof *n->seen);
    for (size_t i = 0; i < n->edges; i++)
        n->list[i].bridge = false;
    for (size_t i = 0; i < n->nodes; i++)
        if (!n->seen[i])
            visit(n, i, NONE);
}

bool
network_is_bridge(const struct network *n, size_t edge)
{
    return n->list[edge].bridge;
}

void
network_protect(struct network *n)
{
    bool more = true;

    while (more) {
        more = false;
        network_look(n);
        for (size_t i = 0; i < n->edges; i++)
            if (n->list[i].bridge && !n->list[i].hopeless) {
                n->list[i].hopeless = !go_round(n, (int)i);
                more = more || !n->list[i].hopeless;
            }
    }
}
