/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Cells for models as the database counts them, when an analysis is made and when it is verified
 * alike: stops that are like each other, stops by light, and groups seen from two sides. Says which
 * areas a model tells apart and when it was light; judges nothing. What it reads is the arena's.
 */
#include "analyzer/cells/load_internal.h"

#include "analyzer/cells/grow.h"
#include "common/veil_light.h"
#include "gen/queries.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ARRAY_CAP = 1 << 24, NEAR_DAYS = 30, NAME_BYTES = 16 };

/* The parameters that the three queries share. */
enum { ZONE, ENTRY, FIRST, LAST, AREAS, MODELS, HOME, SHARED, MOST_PARAMETERS = 13 };

/* ---- arrays as parameters -------------------------------------------------------------------- */

static struct strbuf *
array_new(struct arena *a)
{
    struct strbuf *const b = strbuf_new(a, ARRAY_CAP);

    strbuf_add_char(b, '{');
    return b;
}

/* NULL gives NULL. */
static void
array_add(struct strbuf *b, const char *text)
{
    if (b->length > 1)
        strbuf_add_char(b, ',');
    if (!text) {
        strbuf_add_text(b, "NULL");
        return;
    }
    strbuf_add_char(b, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            strbuf_add_char(b, '\\');
        strbuf_add_char(b, *text);
    }
    strbuf_add_char(b, '"');
}

static void
array_add_number(struct strbuf *b, int value)
{
    strbuf_printf(b, b->length > 1 ? ",%d" : "%d", value);
}

static const char *
array_end(struct strbuf *b)
{
    strbuf_add_char(b, '}');
    return b->data;
}

/* ---- areas ----------------------------------------------------------------------------------- */

static const struct place *
place_named(const struct inputs *in, const char *code)
{
    for (size_t i = 0; code && i < in->place_count; i++)
        if (strcmp(in->places[i].code, code) == 0)
            return &in->places[i];
    return NULL;
}

static bool
has_wijken(const struct inputs *in)
{
    for (size_t i = 0; i < in->place_count; i++)
        if (strcmp(in->places[i].level, "wijk") == 0)
            return true;
    return false;
}

/* The wijk that an area is or lies in; in a set without wijken the area itself. "": neither. */
static const char *
model_of(const struct inputs *in, const char *code, bool wijken)
{
    const struct place *p = place_named(in, code);

    if (!wijken)
        return p && (strcmp(p->level, "area") == 0 || strcmp(p->level, "buurt") == 0) ? code : "";
    for (size_t step = 0; p && step < in->place_count; step++) {
        if (strcmp(p->level, "wijk") == 0)
            return p->code;
        p = place_named(in, p->parent);
    }
    return "";
}

static void
add_areas(struct arena *a, const struct inputs *in, const struct rows *areas, const char **args)
{
    struct strbuf *const codes = array_new(a);
    struct strbuf *const models = array_new(a);
    const bool wijken = has_wijken(in);
    struct names *mine, *all;

    load_set_names(a, areas, in->choices.area_set, &mine, &all);
    for (unsigned i = 0; i < names_count(mine); i++) {
        array_add(codes, names_text(mine, i));
        array_add(models, model_of(in, names_text(mine, i), wijken));
    }
    for (unsigned i = 0; i < names_count(all); i++)
        if (names_find(mine, names_text(all, i)) < 0) {
            array_add(codes, names_text(all, i));
            array_add(models, NULL);
        }
    args[AREAS] = array_end(codes);
    args[MODELS] = array_end(models);
}

/* ---- light ----------------------------------------------------------------------------------- */

static bool
read_coordinate(const struct rows *settings, const char *name, double most, double *value,
                bool *there, struct err *e)
{
    const char *const text = load_setting(settings, name);

    *there = text && strcmp(text, "none") != 0;
    if (!*there || (span_real(span_of(text), value) && fabs(*value) <= most))
        return true;
    err_set(e, ERR_CONFIG, "setting %s is not from -%.0f to %.0f", name, most, most);
    return err_hint(e, "give decimal degrees, north and east positive, or none");
}

bool
load_sun(struct arena *a, const struct rows *settings, bool home, struct inputs *in, struct err *e)
{
    const char *const set = in->choices.area_set;
    const char *const names[][2] = {
        {arena_printf(a, "latitude:%s", set), arena_printf(a, "longitude:%s", set)},
        {"latitude", "longitude"}};
    const size_t count = home ? 2 : 1;

    for (size_t i = 0; i < count && !in->has_sun; i++) {
        bool latitude, longitude;

        if (!read_coordinate(settings, names[i][0], 90, &in->sun.latitude, &latitude, e) ||
            !read_coordinate(settings, names[i][1], 180, &in->sun.longitude, &longitude, e))
            return false;
        in->has_sun = latitude && longitude;
    }
    return true;
}

/* Sunset and dusk of each day of the twelve months, rounded to where a whole minute is on the same
 * side. */
static bool
add_days(struct arena *a, const struct inputs *in, const char **args, struct err *e)
{
    const struct month first = month_add(in->choices.month, -11);
    const struct month next = month_add(in->choices.month, 1);
    const int64_t from = civil_days(first.year, first.month, 1);
    const size_t count = (size_t)(civil_days(next.year, next.month, 1) - from);
    struct veil_day *const days = arena_array(a, count, sizeof *days);
    struct strbuf *const light = array_new(a), *const dark = array_new(a),
                         *const near = array_new(a);
    struct zone *const zone = zone_open(a, in->choices.zone, e);
    char *const day = arena_alloc(a, NAME_BYTES);

    if (!zone)
        return false;
    for (size_t i = 0; in->has_sun && i < count; i++) {
        days[i] = veil_day_of(in->sun, zone, from + (int64_t)i);

        const bool both = !isnan(days[i].sunset) && !isnan(days[i].dusk);

        array_add_number(light, both ? (int)floor(days[i].sunset) : -1);
        array_add_number(dark, both ? (int)ceil(days[i].dusk) : -1);
        array_add_number(near, veil_near_clock_change(zone, from + (int64_t)i, NEAR_DAYS));
    }

    const struct veil_window w = veil_window_of(days, in->has_sun ? count : 0);

    date_text(from, day);
    args[SHARED] = day;
    args[SHARED + 1] = array_end(light);
    args[SHARED + 2] = array_end(dark);
    args[SHARED + 3] = array_end(near);
    args[SHARED + 4] = load_number(a, isnan(w.from) ? 1 : (int64_t)ceil(w.from));
    args[SHARED + 5] = load_number(a, isnan(w.from) ? 0 : (int64_t)floor(w.to));
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Units and groups have their numbers from the cells, which count the same persons. */
static bool
number_of(const struct names *n, const char *what, const char *text, uint16_t *number,
          struct err *e)
{
    const int found = names_find(n, text);

    *number = (uint16_t)found;
    if (found >= 0)
        return true;
    err_set(e, ERR_VERIFY, "%s %s has registrations and is in no roll-up", what, text);
    return err_hint(e, "counts in analysis.roll_up_cell were changed after they were made");
}

static const char *
daypart_name(struct arena *a, int64_t part)
{
    const int from = (int)(part % 6) * 4;

    return arena_printf(a, "%s %02d-%02d", part < 6 ? "wk" : "we", from, from + 4);
}

static int
compare_numbers(const uint16_t *x, const uint16_t *y, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static int
by_like(const void *a, const void *b)
{
    const struct like_cell *const x = a, *const y = b;
    const uint16_t left[] = {x->area, x->unit,        x->daypart, x->basis,
                             x->mode, x->perspective, x->group};
    const uint16_t right[] = {y->area, y->unit,        y->daypart, y->basis,
                              y->mode, y->perspective, y->group};

    return compare_numbers(left, right, sizeof left / sizeof *left);
}

static int
by_light(const void *a, const void *b)
{
    const struct light_cell *const x = a, *const y = b;
    const uint16_t left[] = {x->variant, x->area, x->minute, x->dark, x->perspective, x->group};
    const uint16_t right[] = {y->variant, y->area, y->minute, y->dark, y->perspective, y->group};

    return compare_numbers(left, right, sizeof left / sizeof *left);
}

static int
by_both(const void *a, const void *b)
{
    const struct both_cell *const x = a, *const y = b;
    const uint16_t left[] = {x->after, x->self};
    const uint16_t right[] = {y->after, y->self};

    return compare_numbers(left, right, sizeof left / sizeof *left);
}

struct model_names {
    struct names *areas, *dayparts, *bases, *modes;
};

static bool
read_like(struct arena *a, const struct rows *r, struct model_names n, struct inputs *in,
          struct err *e)
{
    const struct cells *const c = in->cells;

    in->like_count = (size_t)rows_count(r);
    in->like = arena_array(a, in->like_count + 1, sizeof *in->like);
    for (int i = 0; i < rows_count(r); i++) {
        struct like_cell *const x = &in->like[i];

        if (!number_of(c->units, "unit", rows_text(r, i, "unit"), &x->unit, e) ||
            !number_of(c->groups, "group", rows_text(r, i, "group_code"), &x->group, e))
            return false;
        x->area = (uint16_t)names_add(n.areas, rows_text(r, i, "area"));
        x->daypart = (uint16_t)names_add(n.dayparts, daypart_name(a, rows_int64(r, i, "daypart")));
        x->basis = (uint16_t)names_add(n.bases, rows_text(r, i, "basis"));
        x->mode = (uint16_t)names_add(n.modes, rows_text(r, i, "mode"));
        x->perspective = (uint16_t)load_perspective(rows_int64(r, i, "perspective"));
        load_sums(rows_text(r, i, "sums"), x->sum);
    }
    return true;
}

static bool
read_light(struct arena *a, const struct rows *r, struct model_names n, struct inputs *in,
           struct err *e)
{
    in->light = arena_array(a, (size_t)rows_count(r) + 1, sizeof *in->light);
    for (int i = 0; i < rows_count(r); i++) {
        struct light_cell *const x = &in->light[in->light_count];

        x->variant = (uint16_t)rows_int64(r, i, "variant");
        x->perspective = (uint16_t)load_perspective(rows_int64(r, i, "perspective"));
        x->n = (int32_t)rows_int64(r, i, "n");
        if (x->variant >= LIGHT_VARIANTS) {
            in->light_coarse[x->perspective] += x->n;
            continue;
        }
        x->area = (uint16_t)names_add(n.areas, rows_text(r, i, "area"));
        x->minute = (uint16_t)rows_int64(r, i, "minute");
        x->dark = (uint16_t)rows_int64(r, i, "dark");
        if (!number_of(in->cells->groups, "group", rows_text(r, i, "group_code"), &x->group, e))
            return false;
        in->light_count++;
    }
    return true;
}

static bool
read_both(struct arena *a, const struct rows *r, struct inputs *in, struct err *e)
{
    const struct names *const groups = in->cells->groups;

    in->both_count = (size_t)rows_count(r);
    in->both = arena_array(a, in->both_count + 1, sizeof *in->both);
    for (int i = 0; i < rows_count(r); i++) {
        struct both_cell *const x = &in->both[i];

        if (!number_of(groups, "group", rows_text(r, i, "after_contact"), &x->after, e) ||
            !number_of(groups, "group", rows_text(r, i, "self"), &x->self, e))
            return false;
        x->n = (int32_t)rows_int64(r, i, "n");
    }
    return true;
}

/* Numbers in the byte order of names, cells in the order of their numbers. */
static void
settle(struct model_names n, struct inputs *in)
{
    const uint16_t *const area = names_sort(n.areas), *const daypart = names_sort(n.dayparts),
                          *const basis = names_sort(n.bases), *const mode = names_sort(n.modes);

    for (size_t i = 0; i < in->like_count; i++) {
        struct like_cell *const x = &in->like[i];

        x->area = area[x->area];
        x->daypart = daypart[x->daypart];
        x->basis = basis[x->basis];
        x->mode = mode[x->mode];
    }
    for (size_t i = 0; i < in->light_count; i++)
        in->light[i].area = area[in->light[i].area];
    if (in->like_count)
        qsort(in->like, in->like_count, sizeof *in->like, by_like);
    if (in->light_count)
        qsort(in->light, in->light_count, sizeof *in->light, by_light);
    if (in->both_count)
        qsort(in->both, in->both_count, sizeof *in->both, by_both);
    in->model_areas = n.areas;
    in->dayparts = n.dayparts;
    in->bases = n.bases;
    in->modes = n.modes;
}

bool
load_models(struct db *db, struct arena *a, const struct rows *areas, bool home, struct inputs *in,
            struct err *e)
{
    const struct model_names n = {names_new(a), names_new(a), names_new(a), names_new(a)};
    const char *args[MOST_PARAMETERS] = {
        [ZONE] = in->choices.zone,
        [ENTRY] = load_number(a, in->choices.ledger_entry),
        [FIRST] = load_number(a, in->cells->month - 11),
        [LAST] = load_number(a, in->cells->month),
        [HOME] = home ? "true" : "false",
    };

    if (!in->choices.models) {
        settle(n, in); /* of nothing */
        return true;
    }
    add_areas(a, in, areas, args);
    if (!add_days(a, in, args, e))
        return false;

    const struct rows *const like = db_query(db, a, &sql_analyzer_like, args, e);
    const struct rows *const light = like ? db_query(db, a, &sql_analyzer_light, args, e) : NULL;
    const struct rows *const both = light ? db_query(db, a, &sql_analyzer_both, args, e) : NULL;

    if (!both || !read_like(a, like, n, in, e) || !read_light(a, light, n, in, e) ||
        !read_both(a, both, in, e))
        return err_context(e, "count cells for models");
    settle(n, in);
    return true;
}
