/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The table of the desk's verbs and what they share. A text is judged under the collector's role,
 * which may read the word lists; the act itself runs under the role of who acts.
 */
#include "collector/desk.h"
#include "collector/codes.h"
#include "collector/record.h"
#include "collector/screen.h"
#include "collector/words.h"
#include "common/digest.h"

#include <string.h>

enum { SOURCE_MOST = 160, RECORD_MOST = 400 };

/* ---- the table ---------------------------------------------------------------------------------
 */

#define OPTION_OWNER struct appoint_options
static const struct option_spec appoint_specs[] = {APPOINT_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct draw_options
static const struct option_spec draw_specs[] = {DRAW_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct unit_options
static const struct option_spec unit_specs[] = {UNIT_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct review_list_options
static const struct option_spec list_specs[] = {REVIEW_LIST_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct review_show_options
static const struct option_spec show_specs[] = {REVIEW_SHOW_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct confirm_options
static const struct option_spec confirm_specs[] = {CONFIRM_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct return_options
static const struct option_spec return_specs[] = {RETURN_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct second_options
static const struct option_spec second_specs[] = {SECOND_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct close_options
static const struct option_spec close_specs[] = {CLOSE_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct contest_options
static const struct option_spec contest_specs[] = {CONTEST_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct answer_options
static const struct option_spec answer_specs[] = {ANSWER_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

#define OPTIONS(specs, type) specs, sizeof specs / sizeof specs[0], sizeof(struct type)

const struct command desk_commands[] = {
    {"review appoint", "NAME", 1, 1, "appoint a reviewer to a unit",
     "The latest appointment of a person to a unit holds; one that is over ends it.",
     OPTIONS(appoint_specs, appoint_options), review_appoint},
    {"review draw", "", 0, 0, "draw registrations of a month for review",
     "Draws what was stored since the last draw: all with a mandatory reason, and of the others "
     "the "
     "share\n"
     "of the setting review_share. The first call fixes the seed of the month and enters its hash "
     "into\n"
     "the ledger; once the month is over the seed is shown, and anybody can draw again.",
     OPTIONS(draw_specs, draw_options), review_draw},
    {"review list", "", 0, 0, "list the reviews of a unit, without content", NULL,
     OPTIONS(list_specs, review_list_options), review_list},
    {"review show", "NUMBER", 1, 1, "show a registration under review; the look is logged", NULL,
     OPTIONS(show_specs, review_show_options), review_show},
    {"review confirm", "NUMBER…", 1, -1, "confirm registrations under review", NULL,
     OPTIONS(confirm_specs, confirm_options), review_confirm},
    {"review return", "NUMBER", 1, 1, "return a registration for correction", NULL,
     OPTIONS(return_specs, return_options), review_return},
    {"review withdraw", "", 0, 0, "agree, as the second person, to a withdrawal",
     "The first person is who sends the withdrawal, which is taken after this and refused before "
     "(R025).\nIt holds for the version that is stored now.",
     OPTIONS(second_specs, second_options), review_withdraw},
    {"review unlock-group", "", 0, 0, "unlock a perceived group for a typing error",
     "Called by two persons, one after the other. Then the next version may carry another group; "
     "the old\none stays stored, and unlocks are counted by year.",
     OPTIONS(second_specs, second_options), review_unlock_group},
    {"review overdue", "", 0, 0, "list what is too late in a unit", NULL,
     OPTIONS(unit_specs, unit_options), review_overdue},
    {"month close", "", 0, 0, "close a month: later versions are amendments",
     "From day 10 of the next month, or earlier with a reason. A month is closed once; a second "
     "call\nanswers what the first did.",
     OPTIONS(close_specs, close_options), month_close},
    {"contest open", "", 0, 0, "record that a person contests their registration", NULL,
     OPTIONS(contest_specs, contest_options), contest_open},
    {"contest list", "", 0, 0, "list contests of a unit that wait for an answer", NULL,
     OPTIONS(unit_specs, unit_options), contest_list},
    {"contest answer", "NUMBER", 1, 1, "answer a contest", NULL,
     OPTIONS(answer_specs, answer_options), contest_answer},
};

_Static_assert(sizeof desk_commands / sizeof desk_commands[0] == DESK_COMMANDS,
               "DESK_COMMANDS counts the table");

/* ---- what the verbs share ----------------------------------------------------------------------
 */

static struct db *
open_as(const struct program *p, struct arena *a, const char *role, struct err *e)
{
    const struct db_target target = {p->global->db, p->global->home, role, p->global->db_timeout};

    return db_open(a, &target, e);
}

const struct rows *
desk_query(const struct program *p, struct arena *a, const char *role, const struct sql_query *q,
           const char *const *args, int *status)
{
    struct err e;
    struct db *const db = open_as(p, a, role, &e);
    const struct rows *const r = db ? db_query(db, a, q, args, &e) : NULL;

    if (!r)
        *status = program_fail(p, &e);
    return r;
}

/* "name, bsn": what was seen, never the text itself. */
static const char *
kinds(struct arena *a, uint32_t bits)
{
    struct strbuf *const b = strbuf_new(a, 512);

    for (unsigned i = 0; i < SCREEN_KINDS; i++)
        if (bits & (UINT32_C(1) << i))
            strbuf_printf(b, "%s%s", b->length ? ", " : "", screen_kind_name(UINT32_C(1) << i));
    return b->data;
}

static bool
screened(const struct program *p, struct arena *a, const char *text, struct err *e)
{
    struct db *const db = open_as(p, a, "collector", e);
    const struct installation *const in = db ? installation_load(a, db, NULL, NULL, e) : NULL;

    if (!in)
        return false;

    const struct screen_hits hits =
        screen_text(lexicon_new(a, in, words_new(a, in)), span_of(text));

    if (hits.certain | hits.suspected) {
        err_set(e, ERR_INPUT, "the text may hold what identifies a person: %s",
                kinds(a, hits.certain | hits.suspected));
        return err_hint(e, "say it without names, numbers and addresses");
    }
    return true;
}

bool
desk_screened(const struct program *p, struct arena *a, const char *text, int *status)
{
    struct err e;

    if (!text || !text[0] || screened(p, a, text, &e))
        return true;
    *status = program_fail(p, &e);
    return false;
}

const char *
desk_stop_id(const struct program *p, struct arena *a, const char *source, const char *record,
             int *status)
{
    struct err e;
    struct strbuf *const name = strbuf_new(a, SOURCE_MOST + RECORD_MOST + 2);
    uint8_t id[16];
    char text[37];

    strbuf_add_text(name, source);
    strbuf_add_char(name, 0x1F);
    strbuf_add_text(name, record);
    if (!source[0] || !record[0] || name->overflow) {
        err_set(&e, ERR_USAGE, "--source and --record are those of the registration");
        *status = program_fail(p, &e);
        return NULL;
    }
    uuid_v5(stop_namespace, (struct span){name->data, name->length}, id);
    uuid_text(id, text);
    return arena_strdup(a, text);
}

const char *
desk_month(struct arena *a, struct month m)
{
    char text[8];

    month_text(m, text);
    return arena_strdup(a, text);
}
