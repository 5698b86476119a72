/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The verbs of maatstaf-db about the ledger and the group mode. They print; the work is ledger's.
 */
#include "sql/commands.h"
#include "sql/ledger.h"

#include "gen/queries.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
print_difference(void *context, const char *text)
{
    (void)context;
    printf("difference: %s\n", text);
}

int
command_verify_ledger(const struct program *p, struct arena *a, const void *options, int argc,
                      char *const *argv)
{
    const struct db_target target = command_target(p, "auditor");
    struct progress progress = {0};
    struct ledger_report report;
    char head[2 * DIGEST_BYTES + 1];
    struct err e = {0};
    struct db *const db = db_open(a, &target, &e);

    (void)options, (void)argc, (void)argv;
    if (!db || !ledger_verify(db, a, print_difference, NULL, &progress, &report, &e))
        return program_fail(p, &e);
    hex_of(report.head, DIGEST_BYTES, head);
    printf("%" PRIu64 " entries, %" PRIu64 " batches, %" PRIu64 " leaves", report.entries,
           report.batches, report.leaves);
    if (report.erased > 0)
        printf(" (%" PRIu64 " erased)", report.erased);
    printf(", %" PRIu64 " differences\nhead %s\n", report.differences, head);
    return report.differences > 0 ? err_exit_status(ERR_VERIFY) : 0;
}

/* "perceived,self" and nothing else; once each. */
static bool
modes_valid(const char *list)
{
    static const char *const allowed[] = {"perceived", "self", "perceived,self", "self,perceived"};

    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (strcmp(list, allowed[i]) == 0)
            return true;
    return false;
}

static const struct rows *
decide(const struct program *p, struct arena *a, const struct decide_options *o, struct err *e)
{
    const struct db_target target = command_target(p, "mayor_office");
    char from[16], until[16];

    if (!modes_valid(o->mode)) {
        err_set(e, ERR_USAGE, "--mode is perceived, self or perceived,self");
        return NULL;
    }
    if (o->until < o->from) {
        err_set(e, ERR_USAGE, "--until lies before --from");
        return NULL;
    }
    date_text(o->from, from);
    date_text(o->until, until);

    const char *const mode = strcmp(o->mode, "self,perceived") == 0 ? "perceived,self" : o->mode;
    const char *const args[] = {o->decision, o->dpia, mode, from, until};
    struct db *const db = db_open(a, &target, e);

    return db ? db_query(db, a, &sql_db_decide_group_mode, args, e) : NULL;
}

int
command_decide_group_mode(const struct program *p, struct arena *a, const void *options, int argc,
                          char *const *argv)
{
    const struct decide_options *const o = options;
    struct err e = {0};
    const struct rows *const r = decide(p, a, o, &e);

    (void)argc, (void)argv;
    if (!r) {
        if (e.code == ERR_CONFLICT)
            err_set(&e, ERR_CONFLICT, "decision %.100s is recorded with other content",
                    o->decision);
        return program_fail(p, &e);
    }
    if (rows_is_null(r, 0, "entry"))
        printf("decision %s was recorded before\n", o->decision);
    else
        printf("decision %s recorded, ledger entry %" PRId64 "\n", o->decision,
               rows_int64(r, 0, "entry"));
    return 0;
}
