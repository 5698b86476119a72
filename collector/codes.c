/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Code lists and areas in memory: a hash of code text for each list, and one for the areas. Where a
 * code or an area has several periods, the hash holds the first and the others hang on it.
 */
#include "collector/codes_build.h"
#include "collector/lookup.h"

#include <limits.h>
#include <string.h>

/* ---- flags ----------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum code_flag flag;
} flag_names[] = {
    {"sensitive", CODE_SENSITIVE},
    {"individual", CODE_INDIVIDUAL},
    {"other", CODE_OTHER},
    {"risk", CODE_RISK},
    {"sanction", CODE_SANCTION},
    {"arrest", CODE_ARREST},
    {"fine", CODE_FINE},
    {"pv", CODE_PV},
    {"police_only", CODE_POLICE_ONLY},
    {"preventive", CODE_PREVENTIVE},
    {"search_power", CODE_SEARCH_POWER},
    {"consent", CODE_CONSENT},
    {"seizure", CODE_SEIZURE},
    {"mixed", CODE_MIXED},
    {"not_perceived", CODE_NOT_PERCEIVED},
    {"illegal", CODE_ILLEGAL},
    {"none", CODE_NONE},
    {"boa", CODE_BOA},
    {"minor", CODE_MINOR},
    {"generic", CODE_GENERIC},
    {"yes", CODE_YES},
    {"on", CODE_ON},
    {"off", CODE_OFF},
    {"done", CODE_DONE},
    {"checked", CODE_CHECKED},
    {"search", CODE_BY_SEARCH},
    {"check", CODE_BY_CHECK},
    {"perceived", CODE_PERCEIVED},
    {"self", CODE_SELF},
};

uint32_t
code_flag_of(struct span name)
{
    for (size_t i = 0; i < sizeof flag_names / sizeof *flag_names; i++)
        if (span_is(name, flag_names[i].name))
            return (uint32_t)flag_names[i].flag;
    return 0;
}

uint32_t
code_flags_of(struct span names)
{
    uint32_t flags = 0;

    while (names.length > 0) {
        const char *const bar = memchr(names.data, '|', names.length);
        const size_t n = bar ? (size_t)(bar - names.data) : names.length;
        flags |= code_flag_of((struct span){names.data, n});
        names.data += n + (bar ? 1 : 0);
        names.length -= n + (bar ? 1 : 0);
    }
    return flags;
}

/* ---- building -------------------------------------------------------------------------------- */

/* Room for one more row of `size` bytes in an array that doubles. */
static void *
grown(struct arena *a, void *rows, unsigned count, unsigned *capacity, size_t size)
{
    if (count < *capacity)
        return rows;
    *capacity = *capacity ? *capacity * 2 : 64;
    void *const larger = arena_array(a, *capacity, size);
    if (count > 0)
        memcpy(larger, rows, count * size);
    return larger;
}

void
code_rows_add(struct arena *a, struct code_rows *rows, const char *list, struct code code)
{
    rows->rows = grown(a, rows->rows, rows->count, &rows->capacity, sizeof *rows->rows);
    rows->rows[rows->count++] = (struct code_row){list, code};
}

void
area_rows_add(struct arena *a, struct area_rows *rows, struct area area)
{
    rows->rows = grown(a, rows->rows, rows->count, &rows->capacity, sizeof *rows->rows);
    rows->rows[rows->count++] = area;
}

/* Puts codes[at] into the hash, or at the front of the other periods of the code that is there. */
static void
index_code(struct lookup *l, struct code *codes, unsigned at)
{
    const struct span key = span_of(codes[at].code);

    codes[at].next_period = lookup_get(l, key);
    lookup_add(l, key, &codes[at]);
}

static void
fill_list(struct arena *a, struct code_list *list, const struct code_rows *rows)
{
    struct code *const codes = arena_array(a, list->count, sizeof *codes);
    struct lookup *const l = lookup_new(a, list->count);
    unsigned n = 0;

    for (unsigned i = 0; i < rows->count; i++)
        if (strcmp(rows->rows[i].list, list->name) == 0) {
            codes[n] = rows->rows[i].code;
            index_code(l, codes, n++);
        }
    list->codes = codes;
    list->index = l;
}

void
installation_set_codes(struct arena *a, struct installation *in, const struct code_rows *rows)
{
    struct code_list *const lists = arena_array(a, rows->count, sizeof *lists);
    unsigned count = 0;

    for (unsigned i = 0; i < rows->count; i++) {
        unsigned k = 0;
        while (k < count && strcmp(lists[k].name, rows->rows[i].list) != 0)
            k++;
        if (k == count)
            lists[count++].name = rows->rows[i].list;
        lists[k].count++;
    }
    for (unsigned k = 0; k < count; k++)
        fill_list(a, &lists[k], rows);
    in->lists = lists;
    in->list_count = count;
}

static const struct area *
area_in_year(const struct area *area, int year)
{
    while (area && !(area->from_year <= year && year <= area->until_year))
        area = area->next_period;
    return area;
}

/* Follows the parents as they were in the area's first year;
 * a loop in the data ends after 8 steps. */
static void
place_area(const struct lookup *l, struct area *area)
{
    const struct area *at = area;

    for (int steps = 0; at && steps < 8; steps++) {
        if (strcmp(at->level, "wijk") == 0)
            area->wijk = at->code;
        if (strcmp(at->level, "district") == 0)
            area->district = at->code;
        at = at->parent ? area_in_year(lookup_get(l, span_of(at->parent)), area->from_year) : NULL;
    }
}

void
installation_set_areas(struct arena *a, struct installation *in, const struct area_rows *rows)
{
    struct lookup *const l = lookup_new(a, rows->count);

    for (unsigned i = 0; i < rows->count; i++) {
        const struct span key = span_of(rows->rows[i].code);
        rows->rows[i].next_period = lookup_get(l, key);
        lookup_add(l, key, &rows->rows[i]);
    }
    for (unsigned i = 0; i < rows->count; i++)
        place_area(l, &rows->rows[i]);
    in->area_count = rows->count;
    in->area_rows = rows->rows;
    in->areas = l;
}

/* ---- finding --------------------------------------------------------------------------------- */

const struct code_list *
code_list_find(const struct installation *in, const char *name)
{
    for (unsigned i = 0; i < in->list_count; i++)
        if (strcmp(in->lists[i].name, name) == 0)
            return &in->lists[i];
    return NULL;
}

const struct code *
code_find(const struct code_list *list, struct span code)
{
    return lookup_get(list->index, code);
}

bool
code_valid_on(const struct code *code, int64_t day)
{
    while (code && !(code->from <= day && day <= code->until))
        code = code->next_period;
    return code != NULL;
}

const struct area *
area_find(const struct installation *in, struct span code, int year)
{
    static const struct area any = {
        .code = "", .level = "area", .from_year = INT_MIN, .until_year = INT_MAX};
    const struct area *const area = area_in_year(lookup_get(in->areas, code), year);

    if (!area && in->areas_open && code.length > 0)
        return &any;
    return area;
}
