/* SPDX-License-Identifier: EUPL-1.2 */
/* The verb `month close`: what it counted, and the entry that holds it. */
#include "collector/desk.h"

#include <inttypes.h>
#include <stdio.h>

#include "gen/queries.h"

int
month_close(const struct program *p, struct arena *a, const void *options, int argc,
            char *const *argv)
{
    static const char *const counts[] = {"stops",    "confirmed", "corrected", "in_review",
                                         "returned", "nfi",       "withdrawn"};
    const struct close_options *const o = options;
    const char *const args[] = {desk_month(a, o->month), o->why, o->by};
    int status = 0;

    (void)argc;
    (void)argv;
    if (!desk_screened(p, a, o->why, &status))
        return status;

    const struct rows *const r =
        desk_query(p, a, "collector", &sql_collector_month_close, args, &status);

    if (!r)
        return status;
    printf("%s is closed%s: ledger entry %" PRId64 ", after entry %" PRId64 "\nhead %s\n", args[0],
           rows_bool(r, 0, "fresh") ? "" : " already", rows_int64(r, 0, "entry"),
           rows_int64(r, 0, "head_entry"), rows_text(r, 0, "head"));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        printf("  %-10s  %10" PRId64 "\n", counts[i], rows_int64(r, 0, counts[i]));
    return status;
}
