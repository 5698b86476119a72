/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * maatstaf-collector: the command line of the collector. It only opens what a verb needs, calls it
 * and prints; every decision about a record is elsewhere.
 */
#include "collector/check.h"
#include "collector/commands.h"
#include "collector/desk.h"
#include "collector/import.h"
#include "collector/quarantine.h"
#include "common/log.h"
#include "common/option.h"
#include "gen/queries.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_MOST = 64 * 1024 * 1024, STATUS_DONE = 0, STATUS_PARTLY = 3, STATUS_FAILED = 1 };

/* ---- what every verb with a database needs ----------------------------------------------------
 */

static struct db *
open_db(const struct program *p, struct arena *a, struct err *e)
{
    const struct db_target target = {p->global->db, p->global->home, "collector",
                                     p->global->db_timeout};

    return db_open(a, &target, e);
}

/* Labels of the codes that a profile brings, for reports; in lists named after the source. */
static bool
add_codes(struct db *db, struct arena *a, const struct profile *profile, struct err *e)
{
    unsigned count = 0;
    const struct profile_code *const codes = profile_codes(profile, &count);

    for (unsigned i = 0; i < count; i++) {
        const struct profile_code *const c = &codes[i];
        const char *const list = strchr(c->list, ':')
                                     ? c->list
                                     : arena_printf(a, "%s:%s", c->list, profile_name(profile));
        const char *const args[] = {list,     c->code, arena_printf(a, "%" PRId64, c->valid_from),
                                    c->flags, c->nl,   c->en};

        if (!db_query(db, a, &sql_collector_add_foreign_code, args, e))
            return err_context(e, "code %s of list %s", c->code, list);
    }
    return true;
}

/* An import without its manifest; profile "" or NULL is the canonical form. */
static bool
prepare(const struct program *p, struct arena *a, const char *profile, struct import *im,
        struct err *e)
{
    struct import_keys *const keys = arena_alloc(a, sizeof *keys);

    *im = (struct import){.keys = keys};
    if (profile && !(im->profile = profile_load(a, profile, e)))
        return false;
    if (!(im->db = open_db(p, a, e)))
        return false;
    if (!import_keys_read(a, p->global->home, keys, e))
        return false;
    im->installation =
        installation_load(a, im->db, im->profile ? profile_area_set(im->profile) : NULL,
                          im->profile ? profile_group_list(im->profile) : NULL, e);
    im->installation =
        im->installation ? installation_for_profile(a, im->installation, im->profile, e) : NULL;
    if (!im->installation)
        return false;
    if (im->profile && !add_codes(im->db, a, im->profile, e))
        return false;
    im->refuse_share = im->installation->refuse_share;
    return true;
}

static void
print(const struct strbuf *b)
{
    if (b->length > 0)
        (void)fwrite(b->data, 1, b->length, stdout);
}

/* ---- import ---------------------------------------------------------------------------------- */

#define IMPORT_OPTIONS(X)                                                                          \
    X(TEXT, profile, "profile", "NAME", NULL, "how the columns of a foreign file map to fields")   \
    X(TEXT, manifest, "manifest", "FILE", NULL, "what was declared of the files (JSON)")           \
    X(FLAG, require_manifest, "require-manifest", NULL, NULL, "refuse files without a manifest")   \
    X(FLAG, dry_run, "dry-run", NULL, NULL, "check and report, store nothing")                     \
    X(FLAG, json, "json", NULL, NULL, "print the report as JSON")                                  \
    X(REAL, refuse_share, "refuse-share", "SHARE", NULL,                                           \
      "refuse a file of which more than this share is set apart or refused (0 to 1)")

OPTION_STRUCT(import_options, IMPORT_OPTIONS);
#define OPTION_OWNER struct import_options
static const struct option_spec import_specs[] = {IMPORT_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

static bool
prepare_import(const struct program *p, struct arena *a, const struct import_options *o,
               struct import *im, struct err *e)
{
    if (!isnan(o->refuse_share) && (o->refuse_share < 0 || o->refuse_share > 1))
        return err_set(e, ERR_USAGE, "--refuse-share is a share between 0 and 1");
    if (!prepare(p, a, o->profile, im, e))
        return false;
    im->dry_run = o->dry_run;
    im->require_manifest = o->require_manifest;
    if (!isnan(o->refuse_share))
        im->refuse_share = o->refuse_share;
    if (o->manifest) {
        struct manifest *const m = arena_alloc(a, sizeof *m);

        if (!manifest_read(a, o->manifest, m, e))
            return false;
        im->manifest = m;
    }
    return true;
}

/* One object for one file, a list for several. */
static void
print_json(struct arena *a, struct strbuf *out, json_t *list)
{
    json_t *const root = json_own(a, json_object());

    if (json_array_size(list) == 1)
        json_object_set(root, "batch", json_array_get(list, 0));
    else
        json_object_set(root, "batches", list);
    json_write(out, root, JSON_CANONICAL);
    strbuf_add_char(out, '\n');
    print(out);
}

/* 75 and 1 before 3 before 0: a script that sees 3 may rely on everything else being stored. */
static int
worse(int a, int b)
{
    static const int order[] = {75, STATUS_FAILED, STATUS_PARTLY, STATUS_DONE};

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return STATUS_FAILED;
}

static int
run_import(const struct program *p, struct arena *a, const void *options, int argc,
           char *const *argv)
{
    const struct import_options *const o = options;
    struct import im;
    struct err e;
    int status = STATUS_DONE;

    if (!prepare_import(p, a, o, &im, &e))
        return program_fail(p, &e);

    struct strbuf *const out = strbuf_new(a, OUTPUT_MOST);
    json_t *const list = json_own(a, json_array());

    import_catch_signals();
    for (int i = 0; i < argc && !import_interrupted(); i++) {
        struct arena *const file = arena_child(a);
        struct report *report = NULL;
        int ended = STATUS_DONE;

        if (!import_file(&im, file, argv[i], &report, &e)) {
            log_err("maatstaf-collector", &e);
            ended = import_interrupted() ? STATUS_FAILED : err_exit_status(e.code);
        }
        status = worse(status, ended == STATUS_DONE ? report_exit_status(report) : ended);
        if (o->json) {
            json_array_append(list, report_json(report, file));
        } else {
            strbuf_clear(out);
            report_text(report, out);
            print(out);
        }
        arena_free(file);
    }
    if (o->json)
        print_json(a, out, list);
    return status;
}

/* ---- quarantine ------------------------------------------------------------------------------ */

#define LIST_OPTIONS(X)                                                                            \
    X(TEXT, status, "status", "held|retried|dropped|all", "held", "which records to list")

OPTION_STRUCT(list_options, LIST_OPTIONS);
#define OPTION_OWNER struct list_options
static const struct option_spec list_specs[] = {LIST_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

#define WHY_OPTIONS(X) X(TEXT, why, "why", "REASON", NULL, "!the reason, kept in the log")

OPTION_STRUCT(why_options, WHY_OPTIONS);
#define OPTION_OWNER struct why_options
static const struct option_spec why_specs[] = {WHY_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

static int
run_list(const struct program *p, struct arena *a, const void *options, int argc, char *const *argv)
{
    const struct list_options *const o = options;
    struct strbuf *const out = strbuf_new(a, OUTPUT_MOST);
    struct err e;
    struct db *const db = open_db(p, a, &e);

    (void)argc;
    (void)argv;
    if (!db || !quarantine_list(db, a, strcmp(o->status, "all") == 0 ? NULL : o->status, out, &e))
        return program_fail(p, &e);
    print(out);
    return STATUS_DONE;
}

static bool
read_id(const char *text, int64_t *id, struct err *e)
{
    if (!span_int64(span_of(text), 1, INT64_MAX, id))
        return err_set(e, ERR_USAGE, "a quarantined record has a number of 1 or more");
    return true;
}

static int
run_show(const struct program *p, struct arena *a, const void *options, int argc, char *const *argv)
{
    const struct why_options *const o = options;
    struct import_keys keys;
    struct held h;
    struct err e;
    int64_t id;

    (void)argc;
    if (!read_id(argv[0], &id, &e))
        return program_fail(p, &e);

    struct db *const db = open_db(p, a, &e);

    if (!db || !import_keys_read(a, p->global->home, &keys, &e) ||
        !quarantine_open(db, a, id, o->why, keys.quarantine, &h, &e))
        return program_fail(p, &e);
    printf("quarantined record %" PRId64 ": batch %" PRId64 ", line %" PRId64 ", %s, %s\n", h.id,
           h.batch_id, h.line, h.source_system, h.codes);
    if (h.header.length > 0)
        printf("%.*s\n", (int)h.header.length, h.header.data);
    printf("%.*s\n", (int)h.raw.length, h.raw.data);
    return STATUS_DONE;
}

/* Each record with the profile that it came by. */
static bool
retry_one(const struct program *p, struct arena *a, const char *text, const char *why,
          struct report **report, struct err *e)
{
    struct import_keys keys;
    struct import im;
    struct held h;
    int64_t id;

    if (!read_id(text, &id, e))
        return false;

    struct db *const db = open_db(p, a, e);

    return db && import_keys_read(a, p->global->home, &keys, e) &&
           quarantine_open(db, a, id, why, keys.quarantine, &h, e) &&
           prepare(p, a, strcmp(h.profile, "canonical") == 0 ? NULL : h.profile, &im, e) &&
           quarantine_retry(&im, a, &h, why, report, e);
}

static int
run_retry(const struct program *p, struct arena *a, const void *options, int argc,
          char *const *argv)
{
    const struct why_options *const o = options;
    int status = STATUS_DONE;

    import_catch_signals();
    for (int i = 0; i < argc && !import_interrupted(); i++) {
        struct arena *const one = arena_child(a);
        struct strbuf *const out = strbuf_new(one, OUTPUT_MOST);
        struct report *report = NULL;
        struct err e;

        if (!retry_one(p, one, argv[i], o->why, &report, &e)) {
            status = worse(status, program_fail(p, &e));
        } else {
            status = worse(status, report_exit_status(report));
            report_text(report, out);
            print(out);
        }
        arena_free(one);
    }
    return status;
}

static int
run_drop(const struct program *p, struct arena *a, const void *options, int argc, char *const *argv)
{
    const struct why_options *const o = options;
    struct err e;
    struct db *const db = open_db(p, a, &e);
    int64_t id;

    if (!db)
        return program_fail(p, &e);
    for (int i = 0; i < argc; i++)
        if (!read_id(argv[i], &id, &e) || !quarantine_drop(db, a, id, o->why, &e))
            return program_fail(p, &e);
    return STATUS_DONE;
}

/* ---- what there is --------------------------------------------------------------------------- */

#define RULES_OPTIONS(X) X(FLAG, markdown, "markdown", NULL, NULL, "as docs/user-guide/rules.md")

OPTION_STRUCT(rules_options, RULES_OPTIONS);
#define OPTION_OWNER struct rules_options
static const struct option_spec rules_specs[] = {RULES_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

static int
run_rules(const struct program *p, struct arena *a, const void *options, int argc,
          char *const *argv)
{
    const struct rules_options *const o = options;

    (void)p;
    (void)a;
    (void)argc;
    (void)argv;
    rules_print(stdout, o->markdown);
    return STATUS_DONE;
}

static int
run_profiles(const struct program *p, struct arena *a, const void *options, int argc,
             char *const *argv)
{
    const char *const *const list = profile_list(a);

    (void)p;
    (void)options;
    (void)argc;
    (void)argv;
    for (unsigned i = 0; list[i]; i += 2)
        printf("%-24s %s\n", list[i], list[i + 1]);
    return STATUS_DONE;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct command commands[] = {
    {"import", "FILE…", 1, -1, "take files of registrations in",
     "Each file is one batch and one transaction: all of it or nothing. CSV and NDJSON are told "
     "apart\n"
     "by their first bytes. Without --manifest, FILE.manifest.json is used when it is there. The "
     "exit\n"
     "status is 3 when records were set apart or refused, 75 when trying again may help.",
     import_specs, COUNT(import_specs), sizeof(struct import_options), run_import},
    {"quarantine list", "", 0, 0, "list records that were set apart, without their content", NULL,
     list_specs, COUNT(list_specs), sizeof(struct list_options), run_list},
    {"quarantine show", "NUMBER", 1, 1, "show one record that was set apart; the look is logged",
     NULL, why_specs, COUNT(why_specs), sizeof(struct why_options), run_show},
    {"quarantine retry", "NUMBER…", 1, -1, "take records in that would now be accepted", NULL,
     why_specs, COUNT(why_specs), sizeof(struct why_options), run_retry},
    {"quarantine drop", "NUMBER…", 1, -1, "drop records for good", NULL, why_specs,
     COUNT(why_specs), sizeof(struct why_options), run_drop},
    {"rules", "", 0, 0, "list the rules that records are checked by", NULL, rules_specs,
     COUNT(rules_specs), sizeof(struct rules_options), run_rules},
    {"profiles", "", 0, 0, "list the profiles of foreign files", NULL, NULL, 0, 0, run_profiles},
};

int
main(int argc, char *argv[])
{
    struct command all[COUNT(commands) + DESK_COMMANDS + SERVICE_COMMANDS];
    const struct program program = {.part = "collector",
                                    .summary = "takes registrations in",
                                    .commands = all,
                                    .command_count = COUNT(all)};

    memcpy(all, commands, sizeof commands);
    memcpy(all + COUNT(commands), desk_commands, sizeof *desk_commands * DESK_COMMANDS);
    memcpy(all + COUNT(commands) + DESK_COMMANDS, service_commands, sizeof service_commands);

    return program_main(&program, argc, argv);
}
