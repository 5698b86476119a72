/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The verbs `review …`: appoint, draw, look, confirm, return, and the two acts that need a second
 * person. What a verb may see and do is decided by functions of the database
 * (sql/functions/review.sql).
 */
#include "collector/desk.h"

#include <inttypes.h>
#include <stdio.h>

#include "gen/queries.h"

#define OR_NOTHING(text) ((text) ? (text) : "")

static const char *
day(struct arena *a, int64_t days)
{
    char text[16];

    date_text(days, text);
    return arena_strdup(a, text);
}

int
review_appoint(const struct program *p, struct arena *a, const void *options, int argc,
               char *const *argv)
{
    const struct appoint_options *const o = options;
    const char *const args[] = {o->by,           argv[0],          o->unit,
                                day(a, o->from), day(a, o->until), o->pseudonym};
    int status = 0;
    const struct rows *const r =
        desk_query(p, a, "loader", &sql_collector_review_appoint, args, &status);

    (void)argc;
    if (r)
        printf("%s reviews %s from %s to %s: ledger entry %" PRId64 "\n", argv[0], o->unit, args[3],
               args[4], rows_int64(r, 0, "entry"));
    return status;
}

int
review_draw(const struct program *p, struct arena *a, const void *options, int argc,
            char *const *argv)
{
    const struct draw_options *const o = options;
    const char *const args[] = {desk_month(a, o->month), o->seed, o->why, o->by};
    int status = 0;

    (void)argc;
    (void)argv;
    if (!desk_screened(p, a, o->why, &status))
        return status;

    const struct rows *const r =
        desk_query(p, a, "collector", &sql_collector_review_draw, args, &status);

    if (!r)
        return status;
    printf("%s: %" PRId64 " drawn now, %" PRId64 " of them with a mandatory reason; %" PRId64
           " of the month in all\n",
           args[0], rows_int64(r, 0, "drawn"), rows_int64(r, 0, "mandatory"),
           rows_int64(r, 0, "held"));
    if (!rows_is_null(r, 0, "entry"))
        printf("ledger entry %" PRId64 "\n", rows_int64(r, 0, "entry"));
    if (rows_is_null(r, 0, "seed"))
        printf("the seed is fixed, and is shown when the month is over\n");
    else
        printf("seed %s%s\n", rows_text(r, 0, "seed"),
               rows_bool(r, 0, "late") ? " (fixed after the month was over)" : "");
    return status;
}

int
review_list(const struct program *p, struct arena *a, const void *options, int argc,
            char *const *argv)
{
    const struct review_list_options *const o = options;
    const char *const args[] = {o->by, o->unit, o->all ? "true" : "false"};
    int status = 0;
    const struct rows *const r =
        desk_query(p, a, "supervisor", &sql_collector_review_list, args, &status);

    (void)argc;
    (void)argv;
    for (int i = 0; r && i < rows_count(r); i++)
        printf("%8" PRId64 "  %-9s  %s  since %s  %s\n", rows_int64(r, i, "drawn_id"),
               rows_text(r, i, "review"), rows_text(r, i, "month"), rows_text(r, i, "since"),
               rows_text(r, i, "reasons"));
    return status;
}

int
review_show(const struct program *p, struct arena *a, const void *options, int argc,
            char *const *argv)
{
    const struct review_show_options *const o = options;
    const char *const args[] = {argv[0], o->by, o->why};
    int status = 0;
    const struct rows *const r =
        desk_query(p, a, "supervisor", &sql_collector_review_show, args, &status);

    (void)argc;
    if (!r || rows_count(r) == 0)
        return status;
    printf("review %s: %s, %s, drawn for %s\n", argv[0], rows_text(r, 0, "month"),
           rows_text(r, 0, "state"), rows_text(r, 0, "reasons"));
    if (!rows_is_null(r, 0, "returned_for"))
        printf("returned for %s: %s\n", rows_text(r, 0, "returned_for"),
               OR_NOTHING(rows_text(r, 0, "returned_note")));
    printf("%s\n", rows_text(r, 0, "content"));
    return status;
}

int
review_confirm(const struct program *p, struct arena *a, const void *options, int argc,
               char *const *argv)
{
    const struct confirm_options *const o = options;
    int status = 0;

    for (int i = 0; i < argc; i++) {
        struct arena *const one = arena_child(a);
        const char *const args[] = {argv[i], o->by};
        const struct rows *const r =
            desk_query(p, one, "supervisor", &sql_collector_review_confirm, args, &status);

        if (r)
            printf("review %s: confirmed, ledger entry %" PRId64 "\n", argv[i],
                   rows_int64(r, 0, "entry"));
        arena_free(one);
    }
    return status;
}

int
review_return(const struct program *p, struct arena *a, const void *options, int argc,
              char *const *argv)
{
    const struct return_options *const o = options;
    const char *const args[] = {argv[0], o->by, o->code, o->text};
    int status = 0;

    (void)argc;
    if (!desk_screened(p, a, o->text, &status))
        return status;

    const struct rows *const r =
        desk_query(p, a, "supervisor", &sql_collector_review_return, args, &status);

    if (r)
        printf("review %s: returned, ledger entry %" PRId64 "\n", argv[0],
               rows_int64(r, 0, "entry"));
    return status;
}

/* An act of a second person on the stop of a key. */
static const struct rows *
second(const struct program *p, struct arena *a, const struct second_options *o,
       const struct sql_query *q, int *status)
{
    const char *const id = desk_stop_id(p, a, o->source, o->record, status);
    const char *const args[] = {id, o->by, o->why};

    if (!id || !desk_screened(p, a, o->why, status))
        return NULL;
    return desk_query(p, a, "supervisor", q, args, status);
}

int
review_withdraw(const struct program *p, struct arena *a, const void *options, int argc,
                char *const *argv)
{
    int status = 0;
    const struct rows *const r = second(p, a, options, &sql_collector_review_withdraw, &status);

    (void)argc;
    (void)argv;
    if (r)
        printf("agreed, ledger entry %" PRId64 ": the source may send its withdrawal\n",
               rows_int64(r, 0, "entry"));
    return status;
}

int
review_unlock_group(const struct program *p, struct arena *a, const void *options, int argc,
                    char *const *argv)
{
    int status = 0;
    const struct rows *const r = second(p, a, options, &sql_collector_review_unlock_group, &status);

    (void)argc;
    (void)argv;
    if (r)
        printf("%s, ledger entry %" PRId64 ": %s\n",
               rows_bool(r, 0, "agreed") ? "unlocked" : "asked", rows_int64(r, 0, "entry"),
               rows_bool(r, 0, "agreed") ? "the next version may carry another group"
                                         : "a second person must agree");
    return status;
}

int
review_overdue(const struct program *p, struct arena *a, const void *options, int argc,
               char *const *argv)
{
    const struct unit_options *const o = options;
    const char *const args[] = {o->by, o->unit};
    int status = 0;
    const struct rows *const r =
        desk_query(p, a, "supervisor", &sql_collector_review_overdue, args, &status);

    (void)argc;
    (void)argv;
    for (int i = 0; r && i < rows_count(r); i++)
        printf("%-10s  since %s  %s\n", rows_text(r, i, "kind"), rows_text(r, i, "since"),
               rows_text(r, i, "reference"));
    return status;
}
