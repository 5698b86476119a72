/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reads the shipped areas, groups, bridge weights and residents of one year, which are CSV files
 * built into the program.
 */
#include "tests/simulator/city.h"

#include "common/csv.h"
#include "sql/db.h"

#include <string.h>

/* Calls each(context, row) for the rows after the header of an embedded CSV file. */
static bool
each_row(struct arena *a, const char *path,
         bool (*each)(void *context, const struct csv_row *row, struct err *e), void *context,
         struct err *e)
{
    const struct sql_script *const file = sql_script_find(path);

    if (!file)
        return err_set(e, ERR_INTERNAL, "%s is not part of this program", path);

    struct csv *const csv =
        csv_new(a, reader_memory(a, (struct span){file->text, file->length}, 0), NULL);
    struct csv_row row;

    if (!csv_next_row(csv, &row, e)) /* the header */
        return e->code == ERR_NONE || err_context(e, "%s", path);
    while (csv_next_row(csv, &row, e)) {
        if (!each(context, &row, e))
            return err_context(e, "%s, line %llu", path, (unsigned long long)row.line);
    }
    return e->code == ERR_NONE || err_context(e, "%s", path);
}

struct loading {
    struct city *city;
    struct arena *arena;
    int year;
    unsigned wijk_count;
};

static bool
area_row(void *context, const struct csv_row *row, struct err *e)
{
    struct loading *const l = context;

    if (row->count < 5)
        return err_set(e, ERR_INTERNAL, "five columns expected");
    if (!span_is(row->fields[2].text, "buurt"))
        return true;

    const struct span code = row->fields[1].text, wijk = row->fields[4].text;
    struct place *const p = &l->city->places[l->city->place_count];
    const struct place *const before = l->city->place_count ? p - 1 : NULL;

    p->buurt = arena_strndup(l->arena, code.data, code.length);
    p->wijk = arena_strndup(l->arena, wijk.data, wijk.length);
    if (before && strcmp(before->wijk, p->wijk) != 0)
        l->wijk_count++;
    p->unit = l->wijk_count % CITY_UNITS;
    l->city->place_count++;
    return true;
}

static bool
group_row(void *context, const struct csv_row *row, struct err *e)
{
    struct loading *const l = context;
    struct city *const city = l->city;
    const struct span code = row->fields[3].text;

    for (unsigned g = 0; g < city->group_count; g++)
        if (span_is(code, city->groups[g]))
            return true;
    if (city->group_count == CITY_GROUPS_MOST)
        return err_set(e, ERR_INTERNAL, "more than %d groups", CITY_GROUPS_MOST);
    city->groups[city->group_count++] = arena_strndup(l->arena, code.data, code.length);
    return true;
}

struct weight {
    const char *class;
    unsigned group;
    double weight;
};

struct weights {
    struct loading *loading;
    struct weight list[128];
    unsigned count;
};

static bool
weight_row(void *context, const struct csv_row *row, struct err *e)
{
    struct weights *const w = context;
    struct arena *const a = w->loading->arena;
    const struct span class = row->fields[2].text, group = row->fields[3].text;
    double value = 0;

    if (w->count == 128 || !span_real(row->fields[4].text, &value))
        return err_set(e, ERR_INTERNAL, "a weight is not a number");
    w->list[w->count++] = (struct weight){
        .class = arena_strndup(a, class.data, class.length),
        .group = (unsigned)city_group(w->loading->city, arena_strndup(a, group.data, group.length)),
        .weight = value,
    };
    return true;
}

/* Columns: area_set, area_code, year, class, age_band, persons, … */
static bool
population_row(void *context, const struct csv_row *row, struct err *e)
{
    struct weights *const w = context;
    struct city *const city = w->loading->city;
    int64_t year = 0, persons = 0;

    if (!span_int64(row->fields[2].text, 1900, 2200, &year) ||
        !span_int64(row->fields[5].text, 0, 100000000, &persons))
        return err_set(e, ERR_INTERNAL, "a count is not a number");
    if (year != w->loading->year || !span_is(row->fields[4].text, "all"))
        return true;
    for (unsigned p = 0; p < city->place_count; p++) {
        if (!span_is(row->fields[1].text, city->places[p].buurt))
            continue;
        for (unsigned i = 0; i < w->count; i++)
            if (span_is(row->fields[3].text, w->list[i].class))
                city->places[p].residents[w->list[i].group] += w->list[i].weight * (double)persons;
        break;
    }
    return true;
}

bool
city_load(struct city *city, struct arena *a, int year, struct err *e)
{
    struct loading l = {.city = city, .arena = a, .year = year};
    struct weights *const w = arena_alloc(a, sizeof *w);

    w->loading = &l;
    *city = (struct city){.places = arena_array(a, 256, sizeof *city->places)};
    return each_row(a, "sql/reference/den-haag-areas.csv", area_row, &l, e) &&
           each_row(a, "sql/reference/bridge.csv", group_row, &l, e) &&
           each_row(a, "sql/reference/bridge.csv", weight_row, w, e) &&
           each_row(a, "sql/reference/den-haag-population.csv", population_row, w, e);
}

int
city_group(const struct city *city, const char *code)
{
    for (unsigned g = 0; g < city->group_count; g++)
        if (strcmp(city->groups[g], code) == 0)
            return (int)g;
    return -1;
}
