/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * For each month: weights over cells of place and group, stops drawn by weight, sorted by time and
 * written; counts for the truth are kept while they are written.
 */
#include "tests/simulator/simulate.h"

#include "common/log.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Streams of the seed: places must not change when the number of stops does. */
enum { STREAM_STOPS, STREAM_PLACES, STREAM_UNREGISTERED, STREAM_UNITS };

struct tally {
    uint64_t persons, searched, hits, unprompted, unregistered;
};

struct event {
    instant at;
    uint32_t cell; /* place * group_count + group */
};

struct run {
    const struct simulation *s;
    struct draw draw;
    struct rng unregistered;
    double *level;        /* of each place */
    double *cumulative;   /* over cells, of the month */
    double *registration; /* probability by cell, of the month */
    struct tally *tally;  /* by cell, over all months */
    struct strbuf *bytes;
    FILE *out;
};

static unsigned
cell_count(const struct run *r)
{
    return r->s->city->place_count * r->s->city->group_count;
}

/* Registered stops per cell are proportional to residents x level x planted rate x registration. */
static double
weigh_month(struct run *r, int month)
{
    const struct city *const city = r->s->city;
    double total = 0;

    for (unsigned p = 0; p < city->place_count; p++) {
        const struct place *const place = &city->places[p];

        for (unsigned g = 0; g < city->group_count; g++) {
            const unsigned c = p * city->group_count + g;
            const double rate = plan_effect(r->s->plan, PLAN_RATE, place, (int)g, month, NULL);
            const double kept = SIM_REGISTRATION * plan_effect(r->s->plan, PLAN_REGISTRATION, place,
                                                               (int)g, month, NULL);

            r->registration[c] = fmin(kept, 1.0);
            total += place->residents[g] * r->level[p] * rate * r->registration[c];
            r->cumulative[c] = total;
        }
    }
    return total;
}

static unsigned
find_cell(const struct run *r, double u)
{
    unsigned low = 0, high = cell_count(r) - 1;

    while (low < high) {
        const unsigned middle = (low + high) / 2;

        if (r->cumulative[middle] > u)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static int
by_time(const void *x, const void *y)
{
    const struct event *const a = x, *const b = y;

    return a->at < b->at ? -1 : a->at > b->at ? 1 : (a->cell > b->cell) - (a->cell < b->cell);
}

/* Hours of the day are not alike: few stops at dawn, most in the evening. */
static instant
draw_time(struct run *r, instant from, instant until)
{
    static const double busy[24] = {5, 4, 3, 2, 1, 1, 2, 3, 4, 4, 4, 5,
                                    5, 5, 6, 6, 7, 7, 7, 8, 8, 8, 8, 7};

    for (;;) {
        const instant t =
            from + (instant)rng_below(&r->draw.rng, (uint64_t)((until - from) / MICROS)) * MICROS;
        struct civil local;

        zone_civil(r->draw.zone, t, &local);
        if (rng_uniform(&r->draw.rng) * 8.0 < busy[local.hour])
            return t;
    }
}

static bool
flush(struct run *r, struct err *e)
{
    const bool written = fwrite(r->bytes->data, 1, r->bytes->length, r->out) == r->bytes->length;

    strbuf_clear(r->bytes);
    return written || err_set(e, ERR_INTERNAL, "cannot write: %s", strerror(errno));
}

static bool
write_event(struct run *r, const struct event *event, struct err *e)
{
    const struct city *const city = r->s->city;
    const unsigned group = event->cell % city->group_count;
    const struct place *const place = &city->places[event->cell / city->group_count];
    struct row persons[ROW_PERSONS_MOST];
    struct drawn drawn[ROW_PERSONS_MOST];
    struct tally *const t = &r->tally[event->cell];

    arena_reset(r->draw.text);

    const unsigned count = draw_stop(&r->draw, place, (int)group, event->at, persons, drawn);

    for (unsigned p = 0; p < count; p++) {
        t->persons++;
        t->searched += drawn[p].searched;
        t->hits += drawn[p].hit;
        t->unprompted += drawn[p].unprompted;
    }
    if (r->s->csv)
        row_write_csv(r->bytes, persons, count);
    else
        row_write_json(r->bytes, persons, count);
    return r->bytes->length < 1 << 20 || flush(r, e);
}

static bool
write_month(struct run *r, struct month m, uint64_t stops, struct err *e)
{
    const instant from = month_start(r->draw.zone, m),
                  until = month_start(r->draw.zone, month_add(m, 1));
    struct arena *const a = arena_new();
    struct event *const events = arena_array(a, stops + 1, sizeof *events);
    const double total = weigh_month(r, month_index(m));
    bool done = true;

    r->draw.month = month_index(m);
    r->draw.number = 0;
    for (uint64_t i = 0; i < stops; i++) {
        events[i].cell = find_cell(r, rng_uniform(&r->draw.rng) * total);
        events[i].at = draw_time(r, from, until);

        /* Per registered stop, the expected number of those that nobody registered. */
        const double kept = r->registration[events[i].cell];

        r->tally[events[i].cell].unregistered += rng_poisson(&r->unregistered, (1 - kept) / kept);
    }
    qsort(events, stops, sizeof *events, by_time);
    for (uint64_t i = 0; done && i < stops; i++)
        done = write_event(r, &events[i], e);
    arena_free(a);
    return done;
}

/* ---- the truth ------------------------------------------------------------------------------- */

static json_t *
count_of(uint64_t n)
{
    return json_integer((json_int_t)n);
}

static json_t *
tally_json(const struct run *r, unsigned place, unsigned group)
{
    const struct city *const city = r->s->city;
    const struct tally *const t = &r->tally[place * city->group_count + group];
    json_t *const row = json_object();

    json_object_set_new(row, "buurt", json_string(city->places[place].buurt));
    json_object_set_new(row, "wijk", json_string(city->places[place].wijk));
    json_object_set_new(row, "group", json_string(city->groups[group]));
    json_object_set_new(row, "residents", json_real(city->places[place].residents[group]));
    json_object_set_new(row, "level", json_real(r->level[place]));
    json_object_set_new(row, "persons", count_of(t->persons));
    json_object_set_new(row, "searched", count_of(t->searched));
    json_object_set_new(row, "hits", count_of(t->hits));
    json_object_set_new(row, "unprompted", count_of(t->unprompted));
    json_object_set_new(row, "unregistered_stops", count_of(t->unregistered));
    return row;
}

static const json_t *
truth(const struct run *r, struct arena *a)
{
    const struct city *const city = r->s->city;
    json_t *const root = json_own(a, json_object()), *const cells = json_array();
    char last[8];

    month_text(r->s->last, last);
    for (unsigned p = 0; p < city->place_count; p++)
        for (unsigned g = 0; g < city->group_count; g++)
            json_array_append_new(cells, tally_json(r, p, g));
    json_object_set_new(root, "seed", count_of(r->s->seed));
    json_object_set_new(root, "stops", count_of(r->s->stops));
    json_object_set_new(root, "months", count_of(r->s->months));
    json_object_set_new(root, "last_month", json_string(last));
    json_object_set_new(root, "plan",
                        r->s->plan->source ? json_deep_copy(r->s->plan->source) : json_null());
    json_object_set_new(root, "cells", cells);
    return root;
}

const json_t *
simulate(const struct simulation *s, struct arena *a, FILE *out, struct err *e)
{
    struct run r = {.s = s, .out = out};
    struct rng places = rng_stream(s->seed, STREAM_PLACES);
    struct progress progress;
    uint64_t written = 0;

    r.draw = (struct draw){.city = s->city,
                           .plan = s->plan,
                           .rng = rng_stream(s->seed, STREAM_STOPS),
                           .units = rng_stream(s->seed, STREAM_UNITS),
                           .unit_overlap = s->unit_overlap,
                           .zone = zone_open(a, "Europe/Amsterdam", e),
                           .text = arena_child(a)};
    if (!r.draw.zone)
        return NULL;
    r.unregistered = rng_stream(s->seed, STREAM_UNREGISTERED);
    r.level = arena_array(a, s->city->place_count, sizeof *r.level);
    r.cumulative = arena_array(a, cell_count(&r), sizeof *r.cumulative);
    r.registration = arena_array(a, cell_count(&r), sizeof *r.registration);
    r.tally = arena_array(a, cell_count(&r), sizeof *r.tally);
    r.bytes = strbuf_new(a, 4 << 20);
    for (unsigned p = 0; p < s->city->place_count; p++)
        r.level[p] = exp(0.4 * rng_normal(&places));

    if (s->csv)
        row_write_csv_header(r.bytes);
    progress_start(&progress, "simulating", s->stops);
    for (unsigned i = 0; i < s->months; i++) {
        /* The months share the stops evenly; the remainder goes to the last ones. */
        const uint64_t until = s->stops * (i + 1) / s->months;

        if (!write_month(&r, month_add(s->last, (int)i + 1 - (int)s->months), until - written, e))
            return NULL;
        written = until;
        progress_update(&progress, written, NULL);
    }
    progress_end(&progress);
    return flush(&r, e) ? truth(&r, a) : NULL;
}
