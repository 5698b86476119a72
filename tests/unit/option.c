/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Options, through a small program of its own whose verbs note what they were given. Every test
 * names a configuration file, so that none depends on the machine's.
 */
#include "common/option.h"

#include "common/log.h"
#include "tests/lib/capture.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *option_suite(void);

/* ---- the program ---------------------------------------------------------------------------- */

#define LOAD_OPTIONS(X)                                                                            \
    X(TEXT, mode, "mode", "LIST", NULL, "!which modes, apart by commas")                           \
    X(TEXT, format, "format", "text|json|csv", "text", "how it is printed")                        \
    X(FLAG, dry_run, "dry-run", NULL, NULL, "check and report, store nothing")                     \
    X(INT, seed, "seed", "N", NULL, "where the random streams start")                              \
    X(REAL, share, "share", "X", "0.25", "share of the rows")                                      \
    X(DATE, from, "from", "DATE", NULL, "first day")                                               \
    X(MONTH, month, "month", "MONTH", NULL, "month to load")
OPTION_STRUCT(load_options, LOAD_OPTIONS);
#define OPTION_OWNER struct load_options
static const struct option_spec load_specs[] = {LOAD_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

#define STATUS_OPTIONS(X) X(INT, wait, "wait", "SECONDS", "5", "how long to wait")
OPTION_STRUCT(status_options, STATUS_OPTIONS);
#define OPTION_OWNER struct status_options
static const struct option_spec status_specs[] = {STATUS_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

/* What the verb was given; texts are copied, for their arena is gone afterwards. */
static struct {
    const char *verb;
    struct load_options load;
    struct status_options status;
    struct global_options global;
    char mode[128], format[16], db[128], home[128];
    int argc;
    char words[8][64];
    bool words_end;
} seen;

static void
note(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text ? text : "(absent)");
}

static int
see(const char *verb, const struct program *p, int argc, char *const *argv)
{
    seen.verb = verb;
    seen.global = *p->global;
    note(seen.db, sizeof seen.db, p->global->db);
    note(seen.home, sizeof seen.home, p->global->home);
    seen.argc = argc;
    for (int i = 0; i < argc && i < 8; i++)
        note(seen.words[i], sizeof seen.words[i], argv[i]);
    seen.words_end = argv[argc] == NULL;
    return 3;
}

static int
load_run(const struct program *p, struct arena *a, const void *options, int argc, char *const *argv)
{
    const struct load_options *const o = options;

    (void)a;
    seen.load = *o;
    note(seen.mode, sizeof seen.mode, o->mode);
    note(seen.format, sizeof seen.format, o->format);
    return see("load areas", p, argc, argv);
}

static int
status_run(const struct program *p, struct arena *a, const void *options, int argc,
           char *const *argv)
{
    (void)a;
    seen.status = *(const struct status_options *)options;
    puts("running");
    return see("status", p, argc, argv);
}

static int
codes_run(const struct program *p, struct arena *a, const void *options, int argc,
          char *const *argv)
{
    (void)a;
    (void)options;
    return see("load codes", p, argc, argv);
}

static const struct command commands[] = {
    {.verb = "load areas",
     .arguments = "FILE…",
     .least = 1,
     .most = -1,
     .summary = "load the areas of a city",
     .details = "Areas are read from files, one after another, and every one of them is stored "
                "whole or not at all, so that a fault in the last does not leave the others behind "
                "as half a city.\n\n"
                "  maatstaf db load areas --mode perceived areas.csv\n"
                "  .begins with a dot\n\n"
                "A back\\slash and a 'quote' stay.",
     .options = load_specs,
     .option_count = sizeof load_specs / sizeof *load_specs,
     .options_size = sizeof(struct load_options),
     .run = load_run},
    {.verb = "load codes",
     .arguments = "FILE",
     .least = 1,
     .most = 1,
     .summary = "load a code list",
     .run = codes_run},
    {.verb = "status",
     .arguments = "",
     .summary = "say how the database is",
     .options = status_specs,
     .option_count = 1,
     .options_size = sizeof(struct status_options),
     .run = status_run},
};

static const struct program verbs = {
    .part = "db", .summary = "the database", .commands = commands, .command_count = 3};

/* A part without verbs: its one command has the empty verb. */
static const struct command only[] = {
    {.verb = "",
     .arguments = "[FILE]",
     .most = 1,
     .summary = "simulate stops",
     .options = status_specs,
     .option_count = 1,
     .options_size = sizeof(struct status_options),
     .run = status_run},
};
static const struct program verbless = {
    .part = "simulate", .summary = "simulated stops", .commands = only, .command_count = 1};

/* ---- calling it ----------------------------------------------------------------------------- */

static struct capture caught;
static char config[] = "/tmp/maatstaf-option.XXXXXX";

static void
write_config(const char *text)
{
    FILE *const f = fopen(config, "w");

    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static void
setup(void)
{
    static const char *const variables[] = {"DB",     "HOME",    "CONFIG", "LOG_LEVEL", "MODE",
                                            "FORMAT", "DRY_RUN", "SEED",   "SHARE",     "FROM",
                                            "MONTH",  "WAIT",    "NOW"};
    char name[64];
    const int fd = mkstemp(config);

    ck_assert_int_ge(fd, 0);
    close(fd);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        snprintf(name, sizeof name, "MAATSTAF_%s", variables[i]);
        unsetenv(name);
    }
    setenv("MAATSTAF_CONFIG", config, 1);
}

static void
teardown(void)
{
    unlink(config);
    memcpy(config + sizeof config - 7, "XXXXXX", 6);
    log_set_level(LOG_WARNING);
}

/* Runs the program with words apart by single blanks; "%" stands for a blank within a word. */
static int
call(const struct program *p, const char *line)
{
    static char copy[1024];
    char *argv[32] = {copy};
    int argc = 1, status;

    memset(&seen, 0, sizeof seen);
    snprintf(copy, sizeof copy, "program %s", line);
    for (char *c = copy; *c; c++) {
        if (*c == ' ' && c[1]) {
            *c = '\0';
            argv[argc++] = c + 1;
        } else if (*c == '%') {
            *c = ' ';
        }
    }
    capture_start(&caught);
    status = program_main(p, argc, argv);
    capture_end(&caught);
    return status;
}

static void
fails(const char *line, int status, const char *text, const char *hint)
{
    ck_assert_int_eq(call(&verbs, line), status);
    ck_assert_ptr_null(seen.verb);
    ck_assert_str_eq(caught.out, "");
    ck_assert_msg(strstr(caught.err, text) != NULL, "'%s': %s", line, caught.err);
    if (hint)
        ck_assert_msg(strstr(caught.err, hint) != NULL, "'%s': %s", line, caught.err);
}

/* ---- command line --------------------------------------------------------------------------- */

START_TEST(every_kind_is_filled)
{
    ck_assert_int_eq(call(&verbs, "load areas --mode perceived,self --format=csv --dry-run "
                                  "--seed -7 --share=1e-3 --from 2024-02-29 --month 2026-10 f"),
                     3);
    ck_assert_str_eq(seen.verb, "load areas");
    ck_assert_str_eq(seen.mode, "perceived,self");
    ck_assert_str_eq(seen.format, "csv");
    ck_assert(seen.load.dry_run);
    ck_assert_int_eq(seen.load.seed, -7);
    ck_assert_double_eq(seen.load.share, 1e-3);
    ck_assert_int_eq(seen.load.from, civil_days(2024, 2, 29));
    ck_assert(seen.load.month.year == 2026 && seen.load.month.month == 10);
    ck_assert_str_eq(caught.err, "");
}
END_TEST

START_TEST(absent_options_have_the_absent_value_or_the_default)
{
    ck_assert_int_eq(call(&verbs, "load areas --mode a f"), 3);
    ck_assert_str_eq(seen.format, "text");
    ck_assert(!seen.load.dry_run);
    ck_assert(seen.load.seed == INT64_MIN && seen.load.from == INT64_MIN);
    ck_assert_double_eq(seen.load.share, 0.25);
    ck_assert(seen.load.month.year == 0 && seen.load.month.month == 0);
    ck_assert_str_eq(seen.db, "(absent)");
    ck_assert_str_eq(seen.home, ".maatstaf");
}
END_TEST

START_TEST(options_and_arguments_may_be_mixed)
{
    ck_assert_int_eq(call(&verbs, "--db dbname=x load areas a --mode m b --dry-run - c"), 3);
    ck_assert_str_eq(seen.db, "dbname=x");
    ck_assert_int_eq(seen.argc, 4);
    ck_assert_str_eq(seen.words[0], "a");
    ck_assert_str_eq(seen.words[1], "b");
    ck_assert_str_eq(seen.words[2], "-");
    ck_assert_str_eq(seen.words[3], "c");
    ck_assert(seen.words_end);
}
END_TEST

START_TEST(two_hyphens_end_the_options)
{
    ck_assert_int_eq(call(&verbs, "load areas --mode m -- --dry-run -x --help --"), 3);
    ck_assert_int_eq(seen.argc, 4);
    ck_assert_str_eq(seen.words[0], "--dry-run");
    ck_assert_str_eq(seen.words[3], "--");
    ck_assert(!seen.load.dry_run);
}
END_TEST

START_TEST(a_value_may_be_empty_or_hold_anything_after_an_equals_sign)
{
    ck_assert_int_eq(call(&verbs, "load areas --mode=--a=b%c --db= f"), 3);
    ck_assert_str_eq(seen.mode, "--a=b c");
    ck_assert_str_eq(seen.db, "");
    ck_assert_int_eq(call(&verbs, "load areas --mode=m --dry-run=no f"), 3);
    ck_assert(!seen.load.dry_run);
}
END_TEST

START_TEST(verbs_have_one_or_two_words)
{
    ck_assert_int_eq(call(&verbs, "load codes f"), 3);
    ck_assert_str_eq(seen.verb, "load codes");
    ck_assert_int_eq(call(&verbs, "status"), 3);
    ck_assert_str_eq(seen.verb, "status");
    ck_assert_int_eq(seen.status.wait, 5);
}
END_TEST

START_TEST(a_part_may_have_no_verb)
{
    ck_assert_int_eq(call(&verbless, "--wait 2 plan.json"), 3);
    ck_assert_int_eq(seen.status.wait, 2);
    ck_assert_str_eq(seen.words[0], "plan.json");
    ck_assert_int_eq(call(&verbless, ""), 3);
    ck_assert_int_eq(call(&verbless, "--help"), 0);
    ck_assert_ptr_nonnull(strstr(caught.out, "usage: maatstaf simulate [options] [FILE]\n"));
}
END_TEST

static const struct {
    const char *line, *text, *hint;
} wrong_calls[] = {
    {"stauts", "no verb 'stauts'", "did you mean 'status'?"},
    {"load area f", "no verb 'load area'", "did you mean 'load areas'?"},
    {"load", "'load' needs a second word", "maatstaf db load --help"},
    {"xyzzy", "no verb 'xyzzy'", "maatstaf db --help lists the verbs"},
    {"status --wiat 3", "unknown option --wiat", "did you mean --wait?"},
    {"status --log debug", "unknown option --log", "did you mean --log-level?"},
    {"status --zzz", "unknown option --zzz", "--help lists"},
    {"--wait 3 status", "option --wait comes before the verb", "after the verb"},
    {"status -v", "unknown option -v", "--help"},
    {"status --wait", "option --wait needs a value: SECONDS", NULL},
    {"status --wait --db x", "option --wait needs a value", "--wait=VALUE"},
    {"status --wait 1 --wait 2", "option --wait is given twice", NULL},
    {"status --wait 1.5", "--wait: '1.5' is not a whole number", NULL},
    {"status --wait=", "--wait: '' is not a whole number", NULL},
    {"status --wait 9223372036854775808", "not a whole number", NULL},
    {"status --wait=-9223372036854775808", "not a whole number", NULL}, /* means absent */
    {"status extra", "unexpected argument 'extra'", "usage: maatstaf db status [options]\n"},
    {"load codes a b", "unexpected argument 'b'", "load codes [options] FILE"},
    {"load codes", "an argument is missing: FILE", NULL},
    {"load areas f", "option --mode is required", "which modes"},
    {"load areas f --mode m --format xml", "'xml' is not one of text|json|csv", NULL},
    {"load areas f --mode m --format jsno", "not one of", "did you mean json?"},
    {"load areas f --mode m --format text|json", "not one of", NULL},
    {"load areas f --mode m --format tex", "not one of", "did you mean text?"},
    {"load areas f --mode m --share nan", "--share: 'nan' is not a number", NULL},
    {"load areas f --mode m --share 1e999", "is not a number", NULL},
    {"load areas f --mode m --from 2026-02-29", "--from: '2026-02-29' is not a date", NULL},
    {"load areas f --mode m --month 2026-13", "--month: '2026-13' is not a month", NULL},
    {"load areas f --mode m --dry-run=maybe", "--dry-run: 'maybe' is not yes or no", NULL},
    {"status --log-level loud", "'loud' is not one of error|warning|info|debug", NULL},
};

START_TEST(a_wrong_call_is_refused_with_a_remedy)
{
    fails(wrong_calls[_i].line, 2, wrong_calls[_i].text, wrong_calls[_i].hint);
}
END_TEST

START_TEST(no_verb_at_all_shows_the_verbs_and_is_wrong_usage)
{
    fails("", 2, "load areas FILE…", NULL);
}
END_TEST

START_TEST(a_name_is_near_when_one_slip_or_beginning_away)
{
    static const char *const names[] = {"month", "mode", "format", "checkpoint"};
    static const struct {
        const char *word, *nearest;
    } cases[] = {{"mnth", "month"},
                 {"motnh", "month"},
                 {"mod", "mode"},
                 {"check", "checkpoint"},
                 {"formats", "format"},
                 {"", NULL},
                 {"banana", NULL},
                 {"x", NULL},
                 {"chekpiont", "checkpoint"},
                 {"a-word-far-longer-than-any-name-may-be-here", NULL}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const near = option_nearest(cases[i].word, names, 4);

        if (cases[i].nearest)
            ck_assert_pstr_eq(near, cases[i].nearest);
        else
            ck_assert_msg(!near, "%s gave %s", cases[i].word, near);
    }
}
END_TEST

/* ---- environment and file ------------------------------------------------------------------- */

START_TEST(command_line_wins_over_environment_over_file_over_default)
{
    ck_assert_int_eq(call(&verbs, "status"), 3);
    ck_assert_int_eq(seen.status.wait, 5);
    write_config("# comment\n[db]\n  wait = 10\n\n[db.status]\nwait=20\n");
    ck_assert_int_eq(call(&verbs, "status"), 3);
    ck_assert_int_eq(seen.status.wait, 20);
    setenv("MAATSTAF_WAIT", "30", 1);
    ck_assert_int_eq(call(&verbs, "status"), 3);
    ck_assert_int_eq(seen.status.wait, 30);
    ck_assert_int_eq(call(&verbs, "status --wait 40"), 3);
    ck_assert_int_eq(seen.status.wait, 40);
}
END_TEST

START_TEST(a_narrower_section_wins_wherever_it_stands)
{
    write_config("[db.status]\nhome = verb\n[db]\nhome = part\ndb = part\n[collector]\nx = y\n");
    ck_assert_int_eq(call(&verbs, "status"), 3);
    ck_assert_str_eq(seen.home, "verb");
    ck_assert_str_eq(seen.db, "part");
    ck_assert_int_eq(call(&verbs, "load codes f"), 3);
    ck_assert_str_eq(seen.home, "part");
    write_config("db = host=/run dbname=a#b\r\n[db.load areas]\r\nmode = a, b \r\n");
    ck_assert_int_eq(call(&verbs, "load areas f"), 3);
    ck_assert_str_eq(seen.db, "host=/run dbname=a#b");
    ck_assert_str_eq(seen.mode, "a, b");
    write_config("[simulate]\nwait = 9");
    ck_assert_int_eq(call(&verbless, ""), 3);
    ck_assert_int_eq(seen.status.wait, 9);
}
END_TEST

START_TEST(environment_names_have_capitals_and_underscores)
{
    setenv("MAATSTAF_DRY_RUN", "yes", 1);
    setenv("MAATSTAF_MODE", "m", 1);
    setenv("MAATSTAF_DB", "dbname=e", 1);
    setenv("MAATSTAF_HOME", "", 1); /* as if not set */
    ck_assert_int_eq(call(&verbs, "load areas f"), 3);
    ck_assert(seen.load.dry_run);
    ck_assert_str_eq(seen.db, "dbname=e");
    ck_assert_str_eq(seen.home, ".maatstaf");
    setenv("MAATSTAF_FORMAT", "xml", 1);
    fails("load areas f", 1, "MAATSTAF_FORMAT: 'xml' is not one of", NULL);
}
END_TEST

static const struct {
    const char *text, *place, *message, *hint;
} wrong_files[] = {
    {"wait = 3\n", ":1: ", "unknown name 'wait'", "[part.verb]"},
    {"\n[db]\nhoem = x\n", ":3: ", "unknown name 'hoem'", "did you mean home?"},
    {"[db.status]\nmode = m\n", ":2: ", "unknown name 'mode'", NULL},
    {"[bd]\n", ":1: ", "unknown section 'bd'", "did you mean db?"},
    {"[db.stats]\n", ":1: ", "unknown section 'db.stats'", "did you mean status?"},
    {"[db.load]\n", ":1: ", "unknown section 'db.load'", NULL},
    {"[db.]\n", ":1: ", "unknown section", NULL},
    {"[db\n", ":1: ", "a section must be", NULL},
    {"[]\n", ":1: ", "a section must be", NULL},
    {"home\n", ":1: ", "expected name = value", NULL},
    {"= x\n", ":1: ", "unknown name ''", NULL},
    {"home = a\nhome = b\n", ":2: ", "already has 'home'", NULL},
    {"config = x\n", ":1: ", "cannot set 'config'", NULL},
    {"[db]\nwait = soon\n", ":2: wait: ", "'soon' is not a whole number", NULL},
    {"[db.load areas]\nformat = xml\n", ":2: format: ", "not one of", NULL}, /* another verb's */
    {"log-level = loud\n", ":1: log-level: ", "not one of", NULL},
};

START_TEST(a_wrong_file_is_refused_by_name_and_line)
{
    char place[128];

    write_config(wrong_files[_i].text);
    snprintf(place, sizeof place, "maatstaf-db: %s%s", config, wrong_files[_i].place);
    fails("status", 1, place, wrong_files[_i].hint);
    ck_assert_msg(strstr(caught.err, wrong_files[_i].message) != NULL, "%s", caught.err);
}
END_TEST

START_TEST(lines_too_long_or_with_a_nul_are_refused)
{
    FILE *f = fopen(config, "w");

    fputs("home = ", f);
    for (int i = 0; i < 5000; i++)
        fputc('x', f);
    fputc('\n', f);
    fclose(f);
    fails("status", 1, ":1: the line is too long", NULL);
    f = fopen(config, "w");
    fwrite("home = a\0b\ndb = c\n", 1, 18, f);
    fclose(f);
    fails("status", 1, ":1: the line is too long or holds a NUL", NULL);
}
END_TEST

START_TEST(a_file_that_was_asked_for_must_be_there)
{
    fails("status --config /nowhere/at.all", 1, "/nowhere/at.all: No such file", NULL);
    fails("status --config=/tmp", 1, "configuration file /tmp: ", NULL);
    unlink(config);
    fails("status", 1, "No such file", NULL); /* by MAATSTAF_CONFIG */
}
END_TEST

START_TEST(a_wrong_present_is_a_fault)
{
    setenv("MAATSTAF_NOW", "yesterday", 1);
    fails("status", 1, "MAATSTAF_NOW", "unset it");
}
END_TEST

/* ---- what people read ----------------------------------------------------------------------- */

/* No line of the text may be wider than 100 characters. */
static void
fits(const char *text)
{
    int width = 0;

    for (; *text; text++) {
        width = *text == '\n' ? 0 : width + (((unsigned char)*text & 0xc0) != 0x80);
        ck_assert_int_le(width, 100);
    }
}

START_TEST(help_of_the_program_lists_the_verbs)
{
    ck_assert_int_eq(call(&verbs, "--help"), 0);
    ck_assert_ptr_nonnull(strstr(caught.out, "\n  load areas FILE…  load the areas of a city\n"
                                             "  load codes FILE   load a code list\n"
                                             "  status            say how the database is\n"));
    ck_assert_ptr_nonnull(strstr(caught.out, "  --home DIR     folder of the private cluster, keys "
                                             "and spool (default .maatstaf)\n"));
    ck_assert_str_eq(caught.err, "");
    fits(caught.out);
    ck_assert_int_eq(call(&verbs, "load --help"), 0);
    ck_assert_ptr_nonnull(strstr(caught.out, "load codes"));
    ck_assert_ptr_null(strstr(caught.out, "say how the database is"));
}
END_TEST

START_TEST(help_of_a_verb_lists_its_options)
{
    ck_assert_int_eq(call(&verbs, "load areas --help --nonsense"), 0);
    ck_assert_ptr_nonnull(strstr(caught.out, "usage: maatstaf db load areas [options] FILE…\n"));
    ck_assert_ptr_nonnull(strstr(
        caught.out, "\n  --mode LIST             which modes, apart by commas (required)\n"));
    ck_assert_ptr_nonnull(
        strstr(caught.out, "\n  --format text|json|csv  how it is printed (default text)\n"));
    ck_assert_ptr_nonnull(strstr(caught.out, "\n  .begins with a dot\n"));
    fits(caught.out);
    fails("stauts --help", 2, "no verb 'stauts'", "status");
}
END_TEST

START_TEST(help_and_version_need_no_right_configuration)
{
    write_config("nonsense\n");
    ck_assert_int_eq(call(&verbs, "status --help"), 0);
    ck_assert_int_eq(call(&verbs, "--version"), 0);
    ck_assert_int_eq(strncmp(caught.out, "maatstaf-db ", 12), 0);
    ck_assert_ptr_null(seen.verb);
}
END_TEST

START_TEST(the_manual_page_has_every_section_verb_and_option)
{
    static const char *const parts[] = {".TH MAATSTAF\\-DB 1 ",
                                        ".SH NAME\n",
                                        ".SH SYNOPSIS\n",
                                        ".SH DESCRIPTION\n",
                                        ".SH COMMANDS\n",
                                        ".SH OPTIONS\n",
                                        ".SH EXIT STATUS\n",
                                        ".SH ENVIRONMENT\n",
                                        ".SH FILES\n",
                                        ".SS \"maatstaf db load areas [options] FILE\\[u2026]\"\n",
                                        ".SS \"maatstaf db status",
                                        "\\-\\-dry\\-run",
                                        "\\-\\-log\\-level",
                                        "  .begins with a dot\n",
                                        "back\\eslash",
                                        "MAATSTAF_DB",
                                        "/etc/maatstaf.conf",
                                        "\\fB75\\fR"};

    ck_assert_int_eq(call(&verbs, "--man"), 0);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        ck_assert_msg(strstr(caught.out, parts[i]) != NULL, "%s", parts[i]);
    for (const char *c = caught.out; *c; c++)
        ck_assert((unsigned char)*c < 0x80);
}
END_TEST

/* Takes the # off every line that is a setting. */
static void
uncomment(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        const bool line_start = from == text || from[-1] == '\n';

        if (!(line_start && from[0] == '#' && from[1] != ' '))
            *to++ = *from;
    }
    *to = '\0';
}

START_TEST(the_sample_configuration_is_a_configuration)
{
    char text[sizeof caught.out];

    ck_assert_int_eq(call(&verbless, "--sample-config"), 0);
    memcpy(text, caught.out, sizeof text);
    write_config(text);
    ck_assert_int_eq(call(&verbless, "--db d"), 3);
    ck_assert_str_eq(seen.home, ".maatstaf");
    uncomment(text);
    ck_assert_ptr_nonnull(strstr(text, "\n[simulate]\n# how long to wait\nwait = 5\n"));
    write_config(text);
    ck_assert_int_eq(call(&verbless, ""), 3);
    ck_assert_str_eq(seen.db, "CONNINFO"); /* each line was taken */
    ck_assert_int_eq(call(&verbs, "--sample-config"), 0);
    ck_assert_ptr_nonnull(strstr(caught.out, "\n[db.load areas]\n"));
    ck_assert_ptr_nonnull(strstr(caught.out, "\n#dry-run = no\n"));
}
END_TEST

START_TEST(exit_statuses_follow_the_error)
{
    static const struct {
        enum err_code code;
        int status;
    } cases[] = {{ERR_USAGE, 2},    {ERR_VERIFY, 4}, {ERR_RETRY, 75},   {ERR_INPUT, 1},
                 {ERR_CONFLICT, 1}, {ERR_CONFIG, 1}, {ERR_INTERNAL, 1}, {ERR_NONE, 1}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct err e = {.code = cases[i].code, .text = "text"};

        capture_start(&caught);
        const int status = program_fail(&verbs, &e);
        capture_end(&caught);
        ck_assert_int_eq(status, cases[i].status);
        ck_assert_str_eq(caught.err, "maatstaf-db: text\n");
    }
}
END_TEST

START_TEST(output_that_cannot_be_written_is_a_failure)
{
    char *const argv[] = {(char[]){"program"}, (char[]){"--help"}, NULL};
    const int full = open("/dev/full", O_WRONLY);
    int status;

    capture_start(&caught);
    ck_assert_int_ge(dup2(full, STDOUT_FILENO), 0);
    status = program_main(&verbs, 2, argv);
    clearerr(stdout);
    close(full);
    capture_end(&caught);
    ck_assert_int_eq(status, 1);
    ck_assert_ptr_nonnull(strstr(caught.err, "standard output could not be written"));
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static void
add_command_line_tests(TCase *t)
{
    tcase_add_test(t, every_kind_is_filled);
    tcase_add_test(t, absent_options_have_the_absent_value_or_the_default);
    tcase_add_test(t, options_and_arguments_may_be_mixed);
    tcase_add_test(t, two_hyphens_end_the_options);
    tcase_add_test(t, a_value_may_be_empty_or_hold_anything_after_an_equals_sign);
    tcase_add_test(t, verbs_have_one_or_two_words);
    tcase_add_test(t, a_part_may_have_no_verb);
    tcase_add_loop_test(t, a_wrong_call_is_refused_with_a_remedy, 0, COUNT(wrong_calls));
    tcase_add_test(t, no_verb_at_all_shows_the_verbs_and_is_wrong_usage);
    tcase_add_test(t, a_name_is_near_when_one_slip_or_beginning_away);
}

Suite *
option_suite(void)
{
    Suite *const s = suite_create("option");
    TCase *const t = tcase_create("option");

    tcase_add_checked_fixture(t, setup, teardown);
    add_command_line_tests(t);
    tcase_add_test(t, command_line_wins_over_environment_over_file_over_default);
    tcase_add_test(t, a_narrower_section_wins_wherever_it_stands);
    tcase_add_test(t, environment_names_have_capitals_and_underscores);
    tcase_add_loop_test(t, a_wrong_file_is_refused_by_name_and_line, 0, COUNT(wrong_files));
    tcase_add_test(t, lines_too_long_or_with_a_nul_are_refused);
    tcase_add_test(t, a_file_that_was_asked_for_must_be_there);
    tcase_add_test(t, a_wrong_present_is_a_fault);
    tcase_add_test(t, help_of_the_program_lists_the_verbs);
    tcase_add_test(t, help_of_a_verb_lists_its_options);
    tcase_add_test(t, help_and_version_need_no_right_configuration);
    tcase_add_test(t, the_manual_page_has_every_section_verb_and_option);
    tcase_add_test(t, the_sample_configuration_is_a_configuration);
    tcase_add_test(t, exit_statuses_follow_the_error);
    tcase_add_test(t, output_that_cannot_be_written_is_a_failure);
    suite_add_tcase(s, t);
    return s;
}
