/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * maatstaf-analyzer: from stored registrations to an analysis document and a report. Reads through
 * analyzer/cells, computes through analyzer/measure, writes through analyzer/report. Holds options
 * and the order of work, no query and no formula. One arena a command owns everything.
 */
#include "analyzer/arithmetic.h"
#include "analyzer/cells/load.h"
#include "analyzer/fit/fit.h"
#include "analyzer/report/document.h"
#include "analyzer/report/report.h"
#include "common/digest.h"
#include "common/json.h"
#include "common/log.h"
#include "common/option.h"
#include "gen/build.h"
#include "gen/queries.h"
#include "sql/db.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

/* ---- options --------------------------------------------------------------------------------- */

#define RUN_OPTIONS(X)                                                                             \
    X(MONTH, month, "month", "YYYY-MM", NULL,                                                      \
      "month to analyse, in local time; without it the months there are")                          \
    X(INT, seed, "seed", "N", "1", "seed of what is drawn at random")                              \
    X(TEXT, area_set, "area-set", "NAME", NULL,                                                    \
      "area set to analyse (default: the installation's when it has stops in the month)")          \
    X(TEXT, time_zone, "time-zone", "ZONE", NULL, "time zone of months (default: the setting's)")  \
    X(TEXT, group_list, "group-list", "NAME", NULL, "code list of groups (default: found)")        \
    X(TEXT, reference, "reference", "GROUP", NULL,                                                 \
      "compare with this group; \"others\": all others in the same place together")                \
    X(INT, draws, "draws", "N", "2000", "draws of the bridge from origin to perceived group")      \
    X(TEXT, models, "models", "all|none", "all",                                                   \
      "\"none\": only what is counted, nothing fitted or sampled")                                 \
    X(FLAG, json, "json", NULL, NULL, "print the run as JSON")

OPTION_STRUCT(run_options, RUN_OPTIONS);
#define OPTION_OWNER struct run_options
static const struct option_spec run_specs[] = {RUN_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

#define SHOW_OPTIONS(X)                                                                            \
    X(MONTH, month, "month", "YYYY-MM", NULL, "latest analysis of this month")                     \
    X(TEXT, format, "format", "text|json|csv|html", "text", "how to write it")                     \
    X(TEXT, lang, "lang", "nl|en", "nl", "language of text and html")                              \
    X(TEXT, measure, "measure", "NAME", NULL, "only this measure, every row")                      \
    X(FLAG, signals, "signals", NULL, NULL, "only the signals, every one")                         \
    X(TEXT, window, "window", "month|3-months|12-months|year-to-date", "12-months",                \
      "window of the tables in text and html")

OPTION_STRUCT(show_options, SHOW_OPTIONS);
#define OPTION_OWNER struct show_options
static const struct option_spec show_specs[] = {SHOW_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

struct verify_options {
    char none;
};

/* ---- run ------------------------------------------------------------------------------------- */

static struct db *
open_db(const struct program *p, struct arena *a, struct err *e)
{
    const struct db_target target = {.conninfo = p->global->db,
                                     .home = p->global->home,
                                     .timeout_s = p->global->db_timeout,
                                     .role = "analyst"};

    return db_open(a, &target, e);
}

/* What is stored beside the choices: program and machine, for a verification that differs. */
static struct strbuf *
parameters_text(struct arena *a, const struct choices *c)
{
    struct strbuf *const b = strbuf_new(a, 1 << 20);
    struct utsname machine;

    if (uname(&machine) != 0)
        memset(&machine, 0, sizeof machine);

    json_t *const j = json_own(
        a, json_pack("{s:s, s:s, s:s, s:s}", "text", choices_text(c, a)->data, "build",
                     MAATSTAF_BUILD, "machine", machine.machine, "libc", gnu_get_libc_version()));

    strbuf_add_char(b, '\1'); /* version of jsonb as sent */
    json_write(b, j, JSON_CANONICAL);
    return b;
}

static struct sql_binary
binary_text(const char *s)
{
    return (struct sql_binary){s, strlen(s)};
}

static struct sql_binary
binary_of(const struct strbuf *b)
{
    return (struct sql_binary){b->data, b->length};
}

static bool
store(struct db *db, struct arena *a, const struct analysis *x, struct err *e)
{
    struct strbuf *const seed = strbuf_new(a, 8);
    uint8_t hash[DIGEST_BYTES];
    char month[8];

    month_text(x->in->choices.month, month);
    hex_parse(span_of(x->inputs_sha256), hash, sizeof hash);
    strbuf_add_be64(seed, x->in->choices.seed);

    const struct sql_binary args[] = {
        binary_text(x->run_id),
        binary_text(month),
        binary_text(x->version),
        binary_of(seed),
        binary_of(parameters_text(a, &x->in->choices)),
        {hash, sizeof hash},
        binary_of(x->document),
        binary_of(x->inputs),
    };

    if (db_query_binary(db, a, &sql_analyzer_store_run, args, e))
        return true;
    if (e->code == ERR_CONFLICT) {
        err_set(e, ERR_CONFLICT, "run %s is stored already, with other words", x->run_id);
        return err_hint(e, "Its figures are the same; another program version wrote its texts");
    }
    return err_context(e, "store run %s", x->run_id);
}

static void
print_run(const struct analysis *x, bool as_json, double seconds)
{
    uint8_t digest[DIGEST_BYTES];
    char hex[65];

    sha256_of(x->document->data, x->document->length, digest);
    hex_of(digest, sizeof digest, hex);
    if (as_json)
        printf("{\"document_sha256\":\"%s\",\"figures\":%zu,\"run\":\"%s\",\"seconds\":%.3f}\n",
               hex, x->figures.count, x->run_id, seconds);
    else
        printf("run %s\ndocument sha256 %s\n%zu figures\n", x->run_id, hex, x->figures.count);
}

static bool
fill_choices(const struct run_options *o, struct choices *c, struct err *e)
{
    if (o->draws < 1 || o->draws > 100000)
        return err_set(e, ERR_USAGE, "--draws must be from 1 to 100000");
    if (o->seed < 0)
        return err_set(e, ERR_USAGE, "--seed must not be negative");
    *c = (struct choices){
        .month = o->month,
        .seed = (uint64_t)o->seed,
        .area_set = o->area_set,
        .zone = o->time_zone,
        .group_list = o->group_list,
        .reference = o->reference,
        .draws = (unsigned)o->draws,
        .level = 0.95,
        .models = strcmp(o->models, "all") == 0,
    };
    return true;
}

/* Without a month: which there are. */
static int
name_months(const struct program *p, struct arena *a, struct choices *c)
{
    struct err usage, e = {0};
    struct db *const db = open_db(p, a, &e);
    size_t count = 0;
    const struct held_month *const list = db ? load_held_months(db, a, c, &count, &e) : NULL;

    err_set(&usage, ERR_USAGE, "option --month is required");
    if (!list)
        err_hint(&usage, "The months there are cannot be read: %.100s", e.text);
    else if (count == 0)
        err_hint(&usage, "There are no stops yet: import registrations first");
    else
        err_hint(&usage, "Choose one of these months; beside it the persons stopped");

    const int status = program_fail(p, &usage);

    for (size_t i = 0; list && i < count; i++) {
        char month[8];

        month_text(list[i].month, month);
        fprintf(stderr, "  %s  %9" PRId64 "\n", month, list[i].persons);
    }
    return status;
}

static int
run(const struct program *p, struct arena *a, const void *options, int argc, char *const *argv)
{
    const struct run_options *const o = options;
    const double started = clock_seconds();
    struct choices choices;
    struct inputs in;
    struct err e = {0};

    (void)argc;
    (void)argv;
    if (!fill_choices(o, &choices, &e))
        return program_fail(p, &e);
    if (!o->month.year)
        return name_months(p, a, &choices);

    struct db *const db = open_db(p, a, &e);

    if (!db || !load_choices(db, a, &choices, &e))
        return program_fail(p, &e);
    log_write(LOG_INFO, "counted seconds=%.3f", clock_seconds() - started);
    if (!load_inputs(db, a, &choices, LOAD_ROLL_UP, &in, &e))
        return program_fail(p, &e);
    log_write(LOG_INFO, "read seconds=%.3f", clock_seconds() - started);

    const struct analysis *const x = analysis_new(a, &in);

    log_write(LOG_INFO, "computed seconds=%.3f", clock_seconds() - started);
    if (!store(db, a, x, &e))
        return program_fail(p, &e);
    print_run(x, o->json, clock_seconds() - started);
    return 0;
}

/* ---- show ------------------------------------------------------------------------------------ */

static const struct rows *
find_run(struct db *db, struct arena *a, const char *id, struct month month, struct err *e)
{
    char text[8] = "";

    if (month.year)
        month_text(month, text);

    const char *const args[] = {id, month.year ? text : NULL};
    const struct rows *const r = db_query(db, a, &sql_analyzer_run, args, e);

    if (r && rows_count(r) == 0) {
        if (id && month.year) {
            err_set(e, ERR_INPUT, "there is no analysis %s of month %s", id, text);
            err_hint(e, "give the run or the month, not both");
            return NULL;
        }
        err_set(e, ERR_INPUT, "there is no analysis %s", id ? id : month.year ? text : "yet");
        err_hint(e, "make one with: maatstaf analyzer run --month YYYY-MM");
        return NULL;
    }
    return r;
}

static enum language
language_of(const char *code)
{
    return strcmp(code, "en") == 0 ? LANGUAGE_EN : LANGUAGE_NL;
}

static int
show(const struct program *p, struct arena *a, const void *options, int argc, char *const *argv)
{
    const struct show_options *const o = options;
    struct err e = {0};
    struct span document;

    if (o->signals && o->measure) {
        err_set(&e, ERR_USAGE, "--signals and --measure cannot both be given");
        return program_fail(p, &e);
    }

    struct db *const db = open_db(p, a, &e);
    const struct rows *const r = db ? find_run(db, a, argc ? argv[0] : NULL, o->month, &e) : NULL;

    if (!r)
        return program_fail(p, &e);
    if (!rows_bytes(r, 0, "document", a, &document)) {
        err_set(&e, ERR_INTERNAL, "the document of the run cannot be read");
        return program_fail(p, &e);
    }

    const struct sql_script *const style = sql_script_find("analyzer/report/report.css");
    const struct report_options how = {
        .language = language_of(o->lang),
        .measure = o->measure,
        .signals = o->signals,
        .window = o->window,
        .style = style ? style->text : NULL,
    };
    struct strbuf *const b = report_write(a, document, o->format, &how, &e);

    if (!b)
        return program_fail(p, &e);
    if (fwrite(b->data, 1, b->length, stdout) != b->length || fflush(stdout) != 0) {
        err_set(&e, ERR_RETRY, "cannot write: %s", strerror(errno));
        return program_fail(p, &e);
    }
    return 0;
}

/* ---- verify ---------------------------------------------------------------------------------- */

/* Names the first line in which two texts differ. */
static bool
compare(const char *what, struct span stored, struct span again, struct err *e)
{
    size_t line = 1, i = 0;

    if (span_equal(stored, again))
        return true;
    for (; i < stored.length && i < again.length && stored.data[i] == again.data[i]; i++)
        line += stored.data[i] == '\n';

    const size_t from = i > 40 ? i - 40 : 0;
    const size_t take = stored.length - from < 80 ? stored.length - from : 80;

    return err_set(e, ERR_VERIFY, "%s differ at byte %zu, line %zu: stored \"%.*s\"", what, i + 1,
                   line, (int)take, stored.data + from);
}

static bool
verify_run(struct db *db, struct arena *a, const struct rows *r, struct err *e)
{
    const char *const text = rows_text(r, 0, "choices");
    struct span document, cells;
    struct choices choices = {0};
    struct inputs in;

    if (!rows_bytes(r, 0, "document", a, &document) || !rows_bytes(r, 0, "cells", a, &cells))
        return err_set(e, ERR_INTERNAL, "the run cannot be read");
    if (!choices_parse(a, span_of(text), &choices, e))
        return false;
    if (!load_inputs(db, a, &choices, LOAD_REGISTRATIONS, &in, e))
        return false;

    const struct analysis *const x = analysis_new(a, &in);

    return compare("cells", cells, (struct span){x->inputs->data, x->inputs->length}, e) &&
           compare("documents", document, (struct span){x->document->data, x->document->length}, e);
}

/* Another program may have other words, and count otherwise: no sign of tampering by itself. */
static bool
name_programs(const struct rows *r, struct err *e)
{
    const char *const version = rows_text(r, 0, "code_version");
    const char *const stored = rows_text(r, 0, "build");
    const char *const build = stored ? stored : "unknown";

    if (strcmp(version, MAATSTAF_VERSION) == 0 && strcmp(build, MAATSTAF_BUILD) == 0)
        return err_hint(e, "The same program made it (%s, build %s)", version, build);
    return err_hint(e,
                    "Made by program %s (build %s), and this is %s (build %s): words or figures "
                    "may differ for that reason",
                    version, build, MAATSTAF_VERSION, MAATSTAF_BUILD);
}

static int
verify(const struct program *p, struct arena *a, const void *options, int argc, char *const *argv)
{
    struct err e = {0};
    struct db *const db = open_db(p, a, &e);
    const struct rows *const r = db ? find_run(db, a, argv[0], (struct month){0, 0}, &e) : NULL;

    (void)options;
    (void)argc;
    if (!r)
        return program_fail(p, &e);
    if (!verify_run(db, a, r, &e)) {
        if (e.code == ERR_VERIFY) {
            err_context(&e, "run %s", argv[0]);
            name_programs(r, &e);
        }
        return program_fail(p, &e);
    }
    printf("run %s: counted again from the registrations, the same to the byte\n", argv[0]);
    return 0;
}

/* ---- fit ------------------------------------------------------------------------------------- */

static int
fit(const struct program *p, struct arena *a, const void *options, int argc, char *const *argv)
{
    const char *const path = argc > 0 ? argv[0] : NULL;
    struct err e = {0};

    return fit_run_file(a, fit_model_of(p->command), path, options, stdout, &e)
               ? 0
               : program_fail(p, &e);
}

/* ---- program --------------------------------------------------------------------------------- */

#define SPECS(list) list, sizeof list / sizeof *list

static const struct command commands[] = {
    {"run", "", 0, 0, "analyse one month and store the result",
     "Counts what came in since the last analysis, computes every measure over the month, three "
     "and twelve months and the year to date, and stores document, cells and figures under a run. "
     "The same inputs, seed and version give the same run.",
     SPECS(run_specs), sizeof(struct run_options), run},
    {"show", "[RUN]", 0, 1, "print a stored analysis",
     "Without a run: the latest, or that of --month.", SPECS(show_specs),
     sizeof(struct show_options), show},
    {"verify", "RUN", 1, 1, "compute a stored analysis again and compare it to the byte",
     "Counts the registrations themselves as of the run's ledger entry. Exit status 4 when "
     "anything differs; the message names the first difference, and the program that made the "
     "document when it was another one.",
     NULL, 0, sizeof(struct verify_options), verify},
};

/* The commands above and one for each model of fit. */
static const struct command *
all_commands(struct arena *a, size_t *count)
{
    const size_t own = sizeof commands / sizeof *commands;
    const struct command *models;
    const size_t model_count = fit_commands(a, fit, &models);
    struct command *const all = arena_array(a, own + model_count, sizeof *all);

    memcpy(all, commands, sizeof commands);
    memcpy(all + own, models, model_count * sizeof *all);
    *count = own + model_count;
    return all;
}

int
main(int argc, char *argv[])
{
    arithmetic_pin(argv);

    struct arena *const a = arena_new();
    struct program program = {
        .part = "analyzer",
        .summary = "from stored registrations to an analysis",
    };

    program.commands = all_commands(a, &program.command_count);

    const int status = program_main(&program, argc, argv);

    arena_free(a);
    return status;
}
