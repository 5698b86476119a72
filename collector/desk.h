/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The verbs of people at a desk: review, months, contests (docs/user-guide/review.md). Every rule
 * of who may do what and when is in the database; here a connection is opened under the role of
 * the verb, texts are screened, and answers printed. No registration is changed.
 */
#ifndef MAATSTAF_COLLECTOR_DESK_H
#define MAATSTAF_COLLECTOR_DESK_H

#include "common/option.h"
#include "sql/db.h"

/* Rows of the program's table. */
extern const struct command desk_commands[];
enum { DESK_COMMANDS = 13 };

typedef int desk_fn(const struct program *p, struct arena *a, const void *options, int argc,
                    char *const *argv);

/* ---- the options, for desk.c and the verbs -----------------------------------------------------
 */

#define BY_OPTION(X)    X(TEXT, by, "by", "NAME", NULL, "!under which name you act")
#define UNIT_OPTION(X)  X(TEXT, unit, "unit", "CODE", NULL, "!the unit")
#define MONTH_OPTION(X) X(MONTH, month, "month", "YYYY-MM", NULL, "!the month")
#define KEY_OPTIONS(X)                                                                             \
    X(TEXT, source, "source", "SYSTEM", NULL, "!source system of the registration")                \
    X(TEXT, record, "record", "NUMBER", NULL, "!its record number there")

#define APPOINT_OPTIONS(X)                                                                         \
    BY_OPTION(X)                                                                                   \
    UNIT_OPTION(X)                                                                                 \
    X(DATE, from, "from", "DATE", NULL, "!first day")                                              \
    X(DATE, until, "until", "DATE", NULL, "!last day")                                             \
    X(TEXT, pseudonym, "pseudonym", "TEXT", NULL, "under which the reviewer registers stops")
OPTION_STRUCT(appoint_options, APPOINT_OPTIONS);

#define DRAW_OPTIONS(X)                                                                            \
    BY_OPTION(X)                                                                                   \
    MONTH_OPTION(X)                                                                                \
    X(TEXT, seed, "seed", "TEXT", NULL, "seed of the month, at the first draw (default: random)")  \
    X(TEXT, why, "why", "REASON", NULL, "needed when the month is over and has no seed yet")
OPTION_STRUCT(draw_options, DRAW_OPTIONS);

#define UNIT_OPTIONS(X) BY_OPTION(X) UNIT_OPTION(X)
OPTION_STRUCT(unit_options, UNIT_OPTIONS);

#define REVIEW_LIST_OPTIONS(X)                                                                     \
    UNIT_OPTIONS(X) X(FLAG, all, "all", NULL, NULL, "also those that are done")
OPTION_STRUCT(review_list_options, REVIEW_LIST_OPTIONS);

#define REVIEW_SHOW_OPTIONS(X)                                                                     \
    BY_OPTION(X) X(TEXT, why, "why", "REASON", "review", "the reason, kept in the log")
OPTION_STRUCT(review_show_options, REVIEW_SHOW_OPTIONS);

#define CONFIRM_OPTIONS(X) BY_OPTION(X)
OPTION_STRUCT(confirm_options, CONFIRM_OPTIONS);

#define RETURN_OPTIONS(X)                                                                          \
    BY_OPTION(X)                                                                                   \
    X(TEXT, code, "code", "LIST", NULL, "!deficiencies (code list deficiency), joined by commas")  \
    X(TEXT, text, "text", "TEXT", NULL, "what to correct, without anything of a person")
OPTION_STRUCT(return_options, RETURN_OPTIONS);

#define SECOND_OPTIONS(X)                                                                          \
    BY_OPTION(X) KEY_OPTIONS(X) X(TEXT, why, "why", "REASON", NULL, "!the reason")
OPTION_STRUCT(second_options, SECOND_OPTIONS);

#define CLOSE_OPTIONS(X)                                                                           \
    BY_OPTION(X)                                                                                   \
    MONTH_OPTION(X)                                                                                \
    X(TEXT, why, "why", "REASON", NULL, "needed before day 10 of the next month")
OPTION_STRUCT(close_options, CLOSE_OPTIONS);

#define CONTEST_OPTIONS(X)                                                                         \
    BY_OPTION(X)                                                                                   \
    KEY_OPTIONS(X)                                                                                 \
    X(INT, person, "person", "N", "1", "person in the registration")                               \
    X(TEXT, field, "field", "LIST", NULL, "fields that do not match, joined by commas")            \
    X(TEXT, text, "text", "TEXT", NULL, "what does not match, in words")
OPTION_STRUCT(contest_options, CONTEST_OPTIONS);

#define ANSWER_OPTIONS(X)                                                                          \
    BY_OPTION(X)                                                                                   \
    X(TEXT, outcome, "outcome", "upheld|partly|stands", NULL, "!what comes of it")                 \
    X(TEXT, text, "text", "TEXT", NULL, "!the answer")
OPTION_STRUCT(answer_options, ANSWER_OPTIONS);

desk_fn review_appoint, review_draw, review_list, review_show, review_confirm, review_return,
    review_withdraw, review_unlock_group, review_overdue; /* review.c */
desk_fn month_close;                                      /* month.c */
desk_fn contest_open, contest_list, contest_answer;       /* contest.c */

/* ---- what the verbs share ----------------------------------------------------------------------
 */

/* Runs one query as the role; NULL and the error printed when it fails, *status is then the exit's.
 */
const struct rows *desk_query(const struct program *p, struct arena *a, const char *role,
                              const struct sql_query *q, const char *const *args, int *status);

/* False, and the error printed, when a text (NULL: none) may identify a person or cannot be judged.
 */
bool desk_screened(const struct program *p, struct arena *a, const char *text, int *status);

/* The stop of a key, as text; NULL and the error printed when the key is none. */
const char *desk_stop_id(const struct program *p, struct arena *a, const char *source,
                         const char *record, int *status);

/* "2026-10" in the arena. */
const char *desk_month(struct arena *a, struct month m);

#endif
