/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is counted when an analysis is made, for the rules of units: counts by unit and month, and
 * the fields that sources do not have. A new run and `verify` count the same way, so that both are
 * of the run's ledger entry. Judges nothing; what is read belongs to the caller's arena.
 */
#include "analyzer/cells/load_internal.h"

#include "gen/queries.h"

#include <stdlib.h>
#include <string.h>

/* Only these kinds of control totals are held against results, which are dear to read. */
static bool
asks_for_results(const struct inputs *in)
{
    for (size_t i = 0; i < in->control_count; i++)
        if (strcmp(in->controls[i].kind, "fines") == 0 ||
            strcmp(in->controls[i].kind, "arrests") == 0)
            return true;
    return false;
}

bool
load_unit_months(struct db *db, struct arena *a, struct inputs *in, struct err *e)
{
    const struct choices *const c = &in->choices;
    const int last = in->cells->month, first = last - CELLS_MONTHS + 1;
    const char *const args[] = {c->zone,
                                c->area_set,
                                load_number(a, c->ledger_entry),
                                load_number(a, c->load_head),
                                load_number(a, last - 11),
                                load_number(a, last),
                                asks_for_results(in) ? "true" : "false"};
    const struct rows *const r = db_query(db, a, &sql_analyzer_unit_months, args, e);

    if (!r)
        return err_context(e, "count units by month");
    in->unit_months = arena_array(a, (size_t)rows_count(r) + 1, sizeof *in->unit_months);
    for (int i = 0; i < rows_count(r); i++) {
        const int unit = names_find(in->cells->units, rows_text(r, i, "unit"));
        const char *at = rows_text(r, i, "counts");
        struct unit_month *const x = &in->unit_months[in->unit_month_count];

        if (unit < 0)
            continue;
        x->unit = (uint16_t)unit;
        x->month = (uint16_t)(rows_int64(r, i, "month") - first);
        for (unsigned k = 0; k < UNIT_MONTH_COUNT && *at; k++) {
            char *end;

            x->count[k] = (int32_t)strtol(at, &end, 10);
            at = *end == ' ' ? end + 1 : end;
        }
        in->unit_month_count++;
    }
    return true;
}

bool
load_not_covered(struct db *db, struct arena *a, struct inputs *in, struct err *e)
{
    const char *const args[] = {load_number(a, in->choices.ledger_entry), in->choices.area_set};
    const struct rows *const r = db_query(db, a, &sql_analyzer_not_covered, args, e);

    if (!r)
        return err_context(e, "fields that sources do not have");
    in->not_covered = arena_array(a, (size_t)rows_count(r) + 1, sizeof *in->not_covered);
    for (int i = 0; i < rows_count(r); i++)
        in->not_covered[in->not_covered_count++] = (struct not_covered){
            .source_system = rows_text(r, i, "source_system"), .field = rows_text(r, i, "field")};
    return true;
}
