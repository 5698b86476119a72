/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Counts as the database gives them, from roll-ups or from the registrations, into cells of one
 * area set. Texts are numbered on the way in.
 */
#include "analyzer/cells/load_internal.h"

#include "gen/queries.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *
load_number(struct arena *a, int64_t value)
{
    return arena_printf(a, "%" PRId64, value);
}

const char *
load_setting(const struct rows *settings, const char *name)
{
    for (int i = 0; i < rows_count(settings); i++)
        if (strcmp(rows_text(settings, i, "name"), name) == 0)
            return rows_text(settings, i, "value");
    return NULL;
}

const struct rows *
load_area_rows(struct db *db, struct arena *a, const struct choices *c, struct err *e)
{
    const char *const args[] = {load_number(a, c->month.year), load_number(a, c->load_head)};

    return db_query(db, a, &sql_analyzer_areas, args, e);
}

void
load_set_names(struct arena *a, const struct rows *areas, const char *set, struct names **mine,
               struct names **all)
{
    *mine = names_new(a);
    *all = names_new(a);
    for (int i = 0; i < rows_count(areas); i++) {
        names_add(*all, rows_text(areas, i, "code"));
        if (strcmp(rows_text(areas, i, "area_set"), set) == 0)
            names_add(*mine, rows_text(areas, i, "code"));
    }
}

unsigned
load_perspective(int64_t number)
{
    return number > 0 && number < PERSPECTIVES ? (unsigned)number : PERSPECTIVE_ALL;
}

void
load_sums(const char *text, int32_t sum[SUM_COUNT])
{
    const char *at = text;

    for (unsigned s = 0; s < SUM_COUNT && *at; s++) {
        char *end;

        sum[s] = (int32_t)strtol(at, &end, 10);
        at = *end == ' ' ? end + 1 : end;
    }
}

bool
load_cells(struct db *db, struct arena *a, const struct choices *c, enum load_source source,
           struct cells *cells, struct err *e)
{
    const int first = cells->month - CELLS_MONTHS + 1;
    const char *const args[] = {c->zone, load_number(a, c->ledger_entry), load_number(a, first),
                                load_number(a, cells->month), load_number(a, cells->month - 11)};
    const struct rows *const r = db_query(
        db, a, source == LOAD_ROLL_UP ? &sql_analyzer_cells : &sql_analyzer_recount, args, e);

    if (!r)
        return err_context(e, "count registrations");
    for (int i = 0; i < rows_count(r); i++) {
        struct cell *const x = cells_add(cells);

        x->month = (uint16_t)(rows_int64(r, i, "month") - first);
        x->area = (uint16_t)names_add(cells->areas, rows_text(r, i, "area"));
        x->unit = (uint16_t)names_add(cells->units, rows_text(r, i, "unit"));
        x->perspective = (uint16_t)load_perspective(rows_int64(r, i, "perspective"));
        x->group = (uint16_t)names_add(cells->groups, rows_text(r, i, "group_code"));
        load_sums(rows_text(r, i, "sums"), x->sum);
    }
    return true;
}

bool
load_reasons(struct db *db, struct arena *a, const struct choices *c, enum load_source source,
             struct cells *cells, struct err *e)
{
    const int first = cells->month - 11;
    const char *const args[] = {c->zone, load_number(a, c->ledger_entry), load_number(a, first),
                                load_number(a, cells->month)};
    const struct rows *const r = db_query(
        db, a, source == LOAD_ROLL_UP ? &sql_analyzer_reasons : &sql_analyzer_recount_reasons, args,
        e);

    if (!r)
        return err_context(e, "count reasons");
    for (int i = 0; i < rows_count(r); i++) {
        struct reason_cell *const x = cells_add_reason(cells);

        x->month = (uint16_t)(rows_int64(r, i, "month") - first + CELLS_MONTHS - 12);
        x->area = (uint16_t)names_add(cells->areas, rows_text(r, i, "area"));
        x->perspective = (uint16_t)load_perspective(rows_int64(r, i, "perspective"));
        x->group = (uint16_t)names_add(cells->groups, rows_text(r, i, "group_code"));
        x->reason = (uint16_t)names_add(cells->reasons, rows_text(r, i, "reason"));
        x->persons = (int32_t)rows_int64(r, i, "persons");
    }
    return true;
}

/* Leaves only cells in areas of the set; an area that no set has, or none, counts for the
 * installation's. */
void
load_keep_set(struct cells *c, const struct names *mine, const struct names *all, bool installation)
{
    size_t kept = 0, kept_reasons = 0;

    for (size_t i = 0; i < c->count; i++) {
        const char *const area = names_text(c->areas, c->list[i].area);

        if (names_find(mine, area) >= 0 || (installation && names_find(all, area) < 0))
            c->list[kept++] = c->list[i];
    }
    for (size_t i = 0; i < c->reason_count; i++) {
        const char *const area = names_text(c->areas, c->reason_list[i].area);

        if (names_find(mine, area) >= 0 || (installation && names_find(all, area) < 0))
            c->reason_list[kept_reasons++] = c->reason_list[i];
    }
    c->count = kept;
    c->reason_count = kept_reasons;
}
