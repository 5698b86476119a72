/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The verbs `contest …`: a person says that their registration does not match, the police answer
 * within the days of the setting contest_days. Both texts stay; neither changes the registration.
 */
#include "collector/desk.h"

#include <inttypes.h>
#include <stdio.h>

#include "gen/queries.h"

int
contest_open(const struct program *p, struct arena *a, const void *options, int argc,
             char *const *argv)
{
    const struct contest_options *const o = options;
    int status = 0;
    const char *const id = desk_stop_id(p, a, o->source, o->record, &status);
    const char *const args[] = {id, arena_printf(a, "%" PRId64, o->person), o->field, o->text,
                                o->by};

    (void)argc;
    (void)argv;
    if (!id || !desk_screened(p, a, o->text, &status))
        return status;

    const struct rows *const r =
        desk_query(p, a, "collector", &sql_collector_contest_open, args, &status);

    if (r)
        printf("contest %" PRId64 ": the police answer until %s\n", rows_int64(r, 0, "contest"),
               rows_text(r, 0, "due"));
    return status;
}

int
contest_list(const struct program *p, struct arena *a, const void *options, int argc,
             char *const *argv)
{
    const struct unit_options *const o = options;
    const char *const args[] = {o->by, o->unit};
    int status = 0;
    const struct rows *const r =
        desk_query(p, a, "supervisor", &sql_collector_contest_list, args, &status);

    (void)argc;
    (void)argv;
    for (int i = 0; r && i < rows_count(r); i++) {
        const char *const fields = rows_text(r, i, "fields");
        const char *const text = rows_text(r, i, "text");

        printf("%8" PRId64 "  %-7s  opened %s  due %s  %s%s%s\n", rows_int64(r, i, "contest"),
               rows_bool(r, i, "overdue") ? "OVERDUE" : "open", rows_text(r, i, "opened_at"),
               rows_text(r, i, "due"), fields ? fields : "", fields && text ? "  " : "",
               text ? text : "");
    }
    return status;
}

int
contest_answer(const struct program *p, struct arena *a, const void *options, int argc,
               char *const *argv)
{
    const struct answer_options *const o = options;
    const char *const args[] = {argv[0], o->by, o->outcome, o->text};
    int status = 0;

    (void)argc;
    if (!desk_screened(p, a, o->text, &status))
        return status;

    const struct rows *const r =
        desk_query(p, a, "supervisor", &sql_collector_contest_answer, args, &status);

    if (r)
        printf("contest %s: answered, ledger entry %" PRId64 "\n", argv[0],
               rows_int64(r, 0, "entry"));
    return status;
}
