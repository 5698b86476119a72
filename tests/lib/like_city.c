/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/lib/like_city.h"

#include "analyzer/cells/grow.h"
#include "analyzer/measure/like.h"

#include <string.h>

enum { NOW = CELLS_MONTHS - 1, AREAS_MOST = 64 };

struct like_city *
like_city_new(struct arena *a)
{
    struct like_city *const c = arena_alloc(a, sizeof *c);

    c->arena = a;
    c->reference = "others";
    return c;
}

void
like_city_add(struct like_city *c, struct like_city_row row)
{
    c->rows = grown(c->arena, c->rows, c->count, &c->room, 256, sizeof *c->rows);
    c->rows[c->count++] = row;
}

static void
put_sums(const struct like_city_row *row, int32_t *sum)
{
    sum[SUM_persons] = sum[SUM_search_known] = sum[SUM_explained_known] = row->n;
    sum[SUM_plain_known] = sum[SUM_sound_known] = sum[SUM_worn] = sum[SUM_reflect_known] = row->n;
    sum[SUM_searched] = sum[SUM_explained_well] = sum[SUM_recorded] = row->k;
    sum[SUM_plain] = sum[SUM_sound] = sum[SUM_reflected] = row->k;
    sum[SUM_strict_known] = row->k;
    sum[SUM_strict] = row->k / 2;
}

static struct cells *
cells_of(const struct like_city *c)
{
    struct cells *const cells = cells_new(c->arena, 2026 * 12 + 9);

    for (size_t i = 0; i < c->count; i++)
        for (unsigned p = 0; p <= PERSPECTIVE_AFTER; p += PERSPECTIVE_AFTER) {
            struct cell *const x = cells_add(cells);

            x->month = NOW;
            x->area = (uint16_t)names_add(cells->areas, c->rows[i].area);
            x->unit = (uint16_t)names_add(cells->units, c->rows[i].unit);
            x->perspective = (uint16_t)p;
            x->group = (uint16_t)names_add(cells->groups, p ? c->rows[i].group : "");
            put_sums(&c->rows[i], x->sum);
        }
    cells_settle(cells);
    return cells;
}

static void
put_like(struct like_city *c, struct inputs *in)
{
    struct names *const areas = names_new(c->arena), *const dayparts = names_new(c->arena);
    struct names *const bases = names_new(c->arena), *const modes = names_new(c->arena);

    in->like = arena_array(c->arena, c->count, sizeof *in->like);
    for (size_t i = 0; i < c->count; i++) {
        const struct like_city_row *const row = &c->rows[i];
        struct like_cell *const x = &in->like[in->like_count++];

        x->area = (uint16_t)names_add(areas, row->area);
        x->unit = (uint16_t)names_find(in->cells->units, row->unit);
        x->daypart = (uint16_t)names_add(dayparts, row->daypart);
        x->basis = (uint16_t)names_add(bases, row->basis);
        x->mode = (uint16_t)names_add(modes, row->mode);
        x->perspective = PERSPECTIVE_AFTER;
        x->group = (uint16_t)names_find(in->cells->groups, row->group);
        put_sums(row, x->sum);
    }
    in->model_areas = areas;
    in->dayparts = dayparts;
    in->bases = bases;
    in->modes = modes;
}

static void
put_places(struct like_city *c, struct inputs *in)
{
    in->places = arena_array(c->arena, AREAS_MOST, sizeof *in->places);
    in->places[in->place_count++] = (struct place){"C", "City", "city", NULL};
    for (unsigned i = 0; i < names_count(in->cells->areas); i++) {
        const char *const code = names_text(in->cells->areas, i);

        in->places[in->place_count++] = (struct place){code, code, "area", "C"};
    }
}

static struct inputs *
inputs_of(struct like_city *c)
{
    static struct label labels[] = {{"groups", "unseen", "niet", "not", true, false}};
    struct inputs *const in = arena_alloc(c->arena, sizeof *in);

    *in = (struct inputs){.choices = {.month = {2026, 10},
                                      .seed = 1,
                                      .area_set = "made-up",
                                      .zone = "Europe/Amsterdam",
                                      .group_list = "groups",
                                      .bridge_version = "",
                                      .reference = c->reference,
                                      .ledger_entry = 1,
                                      .level = 0.95},
                          .cells = cells_of(c),
                          .city_name = "Made Up",
                          .municipality = "",
                          .labels = labels,
                          .label_count = 1};
    put_places(c, in);
    put_like(c, in);
    return in;
}

struct figures
like_city_figures(struct like_city *c, void (*measure)(const struct measure *m), unsigned threads)
{
    const struct cube *const cube = cube_new(c->arena, inputs_of(c));
    struct figures figures = {.arena = c->arena};
    struct measure m = {.cube = cube,
                        .small = small_new(c->arena, cube, NULL),
                        .out = &figures,
                        .later = later_new(c->arena),
                        .arena = c->arena,
                        .window = WINDOW_12};
    const struct like *const like = like_new(c->arena, cube, PERSPECTIVE_AFTER);

    m.like[PERSPECTIVE_AFTER] = like->rows > 0 ? like : NULL;
    measure(&m);
    later_run(m.later, &figures, threads);
    measure_adjust(&figures, 0);
    return figures;
}

const struct figure *
like_city_find(const struct figures *f, const char *term, const char *place, const char *group)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->list[i].term, term) == 0 && strcmp(f->list[i].place, place) == 0 &&
            strcmp(f->list[i].group, group) == 0)
            return &f->list[i];
    return NULL;
}
