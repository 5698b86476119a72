/* SPDX-License-Identifier: EUPL-1.2 */
/* See threshold.h: checks, the order of cells, the layout of parameters and outputs. */
#include "analyzer/stat/threshold.h"

#include "analyzer/stat/threshold_model.h"

#include <math.h>

/* ---- checks -------------------------------------------------------------------------------- */

static bool
is_count(double x)
{
    return isfinite(x) && x >= 0 && x <= 0x1p53 && x == floor(x);
}

static bool
check_cell(const struct threshold_cells *c, size_t i, struct err *e)
{
    if (c->place[i] >= c->places || c->group[i] >= c->groups)
        return err_set(e, ERR_INTERNAL, "a cell of a place or group that is not there");
    if (!is_count(c->stops[i]) || !is_count(c->searches[i]) || !is_count(c->hits[i]))
        return err_set(e, ERR_INPUT, "stops, searches and hits must be whole numbers from 0");
    if (c->searches[i] > c->stops[i])
        return err_set(e, ERR_INPUT, "more searches than stops");
    if (c->hits[i] > c->searches[i])
        return err_set(e, ERR_INPUT, "more hits than searches");
    return true;
}

static size_t
count_used(const bool *used, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += used[i];
    return count;
}

static bool
check(struct arena *a, const struct threshold_cells *c, size_t *cell, struct err *e)
{
    bool *const seen = arena_array(a, c->places * c->groups + 1, sizeof *seen);
    bool *const places = arena_array(a, c->places + 1, sizeof *places);
    bool *const groups = arena_array(a, c->groups + 1, sizeof *groups);
    double searches = 0;

    for (size_t i = 0; i < c->count; i++) {
        *cell = i;
        if (!check_cell(c, i, e))
            return false;
        bool *const once = &seen[c->place[i] * c->groups + c->group[i]];

        if (*once)
            return err_set(e, ERR_INPUT, "the same place and group twice");
        *once = true;
        searches += c->searches[i];
        if (c->stops[i] > 0)
            places[c->place[i]] = groups[c->group[i]] = true;
    }
    *cell = SIZE_MAX;
    if (count_used(places, c->places) < 2 || count_used(groups, c->groups) < 2)
        return err_set(e, ERR_INPUT,
                       "a threshold test needs stops in at least two places and of two groups");
    if (searches == 0)
        return err_set(e, ERR_INPUT, "nobody was searched, so that there is no threshold");
    return true;
}

/* ---- layout -------------------------------------------------------------------------------- */

static void
add_cell(struct threshold_model *m, const struct threshold_cells *c, size_t row, size_t parameter)
{
    const size_t i = m->cells++;

    m->place[i] = c->place[row];
    m->group[i] = c->group[row];
    m->row[i] = row;
    m->at[i] = parameter;
    m->hits[i] = c->hits[row];
    m->misses[i] = c->searches[row] - c->hits[row];
    m->unsearched[i] = c->stops[row] - c->searches[row];
}

/* The place whose phi_d and delta_d are 0: the one with most stops; for `fast` the first. */
static size_t
pinned_place(const struct threshold_model *m)
{
    size_t most = 0;

    for (size_t d = 1; d < m->places && m->signal != THRESHOLD_FAST; d++)
        if (m->place_stops[d] > m->place_stops[most])
            most = d;
    return most;
}

static void
lay_out(struct threshold_model *m, const struct threshold_cells *c, struct arena *a)
{
    size_t *const first = arena_array(a, c->places + 1, sizeof *first);
    size_t *const order = arena_array(a, c->count + 1, sizeof *order);
    size_t parameter = 0;

    for (size_t i = 0; i < c->count; i++) {
        first[c->place[i] + 1]++;
        m->place_stops[c->place[i]] += c->stops[i];
    }
    for (size_t d = 1; d <= c->places; d++)
        first[d] += first[d - 1];
    for (size_t i = 0; i < c->count; i++)
        order[first[c->place[i]]++] = i; /* first[d] is now where place d ends */

    const size_t pinned = pinned_place(m);

    for (size_t d = 0, i = 0; d < c->places; d++) {
        m->start[d] = parameter;
        for (; i < first[d]; i++) {
            if (c->stops[order[i]] > 0)
                add_cell(m, c, order[i], parameter++);
            else
                m->missing[m->missings++] = order[i];
        }
        m->phi_at[d] = PINNED;
        if (d != pinned) {
            m->phi_at[d] = parameter;
            parameter += 2;
        }
    }
    m->start[c->places] = m->globals = parameter;
}

/* By group: pooled rates, and the stops that weigh its threshold. */
static void
pool(struct threshold_model *m, struct arena *a)
{
    double *const hits = arena_array(a, m->groups, sizeof *hits);
    double *const searches = arena_array(a, m->groups, sizeof *searches);
    double *const stops = arena_array(a, m->groups, sizeof *stops);

    for (size_t i = 0; i < m->cells; i++) {
        const unsigned g = m->group[i];
        const double searched = m->hits[i] + m->misses[i];

        hits[g] += m->hits[i];
        searches[g] += searched;
        stops[g] += searched + m->unsearched[i];
        m->weight[g] += m->place_stops[m->place[i]];
    }
    for (size_t g = 0; g < m->groups; g++) {
        m->pooled_search[g] = (searches[g] + 0.5) / (stops[g] + 1);
        m->pooled_hit[g] = (hits[g] + 0.5) / (searches[g] + 1);
    }
}

static struct threshold_outputs
outputs_of(const struct threshold_model *m, size_t rows)
{
    const bool beta = m->signal == THRESHOLD_BETA;
    const size_t g = m->groups;
    struct threshold_outputs o = {.threshold = 0,
                                  .signal = rows,
                                  .search_rate = 2 * rows,
                                  .hit_rate = 3 * rows,
                                  .group_threshold = 4 * rows,
                                  .phi = 4 * rows + g,
                                  .strength = 4 * rows + 2 * g,
                                  .sigma = 4 * rows + 3 * g,
                                  .sigmas = beta ? g : 1,
                                  .group_mean = THRESHOLD_NONE,
                                  .mu = THRESHOLD_NONE};

    o.count = o.sigma + o.sigmas;
    if (m->signal != THRESHOLD_FAST) {
        o.group_mean = o.count;
        o.count += g;
    }
    if (!beta) {
        o.mu = o.count;
        o.count += 2;
    }
    return o;
}

static struct threshold_model *
model_new(struct arena *a, enum threshold_signal signal, const struct threshold_cells *c)
{
    struct threshold_model *const m = arena_alloc(a, sizeof *m);
    const size_t padded = (c->count + LANES - 1) / LANES * LANES;

    *m = (struct threshold_model){.signal = signal,
                                  .padded = padded,
                                  .places = c->places,
                                  .groups = c->groups,
                                  .place = arena_array(a, padded, sizeof *m->place),
                                  .group = arena_array(a, padded, sizeof *m->group),
                                  .row = arena_array(a, padded, sizeof *m->row),
                                  .at = arena_array(a, padded, sizeof *m->at),
                                  .estimate = arena_array(a, padded, sizeof(double)),
                                  .information = arena_array(a, padded, sizeof(double)),
                                  .hits = arena_array(a, padded, sizeof *m->hits),
                                  .misses = arena_array(a, padded, sizeof *m->misses),
                                  .unsearched = arena_array(a, padded, sizeof *m->unsearched),
                                  .phi_at = arena_array(a, c->places, sizeof *m->phi_at),
                                  .place_stops = arena_array(a, c->places, sizeof(double)),
                                  .start = arena_array(a, c->places + 1, sizeof *m->start),
                                  .missing = arena_array(a, c->count + 1, sizeof *m->missing),
                                  .weight = arena_array(a, c->groups, sizeof(double)),
                                  .pooled_search = arena_array(a, c->groups, sizeof(double)),
                                  .pooled_hit = arena_array(a, c->groups, sizeof(double)),
                                  .fixed_level = arena_array(a, c->groups, sizeof(double))};
    lay_out(m, c, a);
    pool(m, a);
    m->padded = (m->cells + LANES - 1) / LANES * LANES;
    m->outputs = outputs_of(m, c->count);
    return m;
}

bool
threshold_target(struct arena *a, enum threshold_signal signal, const struct threshold_cells *cells,
                 struct nuts_target *target, struct threshold_outputs *outputs, size_t *cell,
                 struct err *e)
{
    if (!check(a, cells, cell, e))
        return false;

    struct threshold_model *const m = model_new(a, signal, cells);

    *target = (struct nuts_target){.model = m, .outputs = m->outputs.count};
    if (signal == THRESHOLD_BETA)
        threshold_beta_target(a, m, target);
    else
        threshold_normal_target(a, m, target);
    target->shape.blocks = m->places;
    target->shape.start = m->start;
    *outputs = m->outputs;
    return true;
}

/* ---- outputs ------------------------------------------------------------------------------- */

void
threshold_write_cell(const struct threshold_model *m, size_t i, struct threshold_cell_output o,
                     double *out)
{
    const size_t row = m->row[i];

    out[m->outputs.threshold + row] = o.threshold;
    out[m->outputs.signal + row] = o.signal;
    out[m->outputs.search_rate + row] = o.search_rate;
    out[m->outputs.hit_rate + row] = o.hit_rate;
}

void
threshold_write_groups(const struct threshold_model *m, double *out)
{
    double *const group = out + m->outputs.group_threshold;

    for (size_t i = 0; i < m->missings; i++) {
        const struct threshold_outputs *const o = &m->outputs;
        const size_t row = m->missing[i];

        out[o->threshold + row] = out[o->signal + row] = NAN;
        out[o->search_rate + row] = out[o->hit_rate + row] = NAN;
    }
    for (size_t g = 0; g < m->groups; g++)
        group[g] = m->weight[g] > 0 ? 0 : NAN;
    for (size_t i = 0; i < m->cells; i++)
        group[m->group[i]] += m->place_stops[m->place[i]] / m->weight[m->group[i]] *
                              out[m->outputs.threshold + m->row[i]];
}
