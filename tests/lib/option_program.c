/* SPDX-License-Identifier: EUPL-1.2 */
/* The program's tables, verbs that note their arguments, and calls of it from one line of text. */
#include "tests/lib/option_program.h"

#include "common/log.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct option_seen option_seen;

#define OPTION_OWNER struct load_options
static const struct option_spec load_specs[] = {LOAD_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

#define OPTION_OWNER struct status_options
static const struct option_spec status_specs[] = {STATUS_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

static void
note(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text ? text : "(absent)");
}

static int
see(const char *verb, const struct program *p, int argc, char *const *argv)
{
    option_seen.verb = verb;
    option_seen.global = *p->global;
    note(option_seen.db, sizeof option_seen.db, p->global->db);
    note(option_seen.home, sizeof option_seen.home, p->global->home);
    option_seen.argc = argc;
    for (int i = 0; i < argc && i < 8; i++)
        note(option_seen.words[i], sizeof option_seen.words[i], argv[i]);
    option_seen.words_end = argv[argc] == NULL;
    return 3;
}

static int
load_run(const struct program *p, struct arena *a, const void *options, int argc, char *const *argv)
{
    const struct load_options *const o = options;

    (void)a;
    option_seen.load = *o;
    note(option_seen.mode, sizeof option_seen.mode, o->mode);
    note(option_seen.format, sizeof option_seen.format, o->format);
    return see("load areas", p, argc, argv);
}

static int
status_run(const struct program *p, struct arena *a, const void *options, int argc,
           char *const *argv)
{
    (void)a;
    option_seen.status = *(const struct status_options *)options;
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

const struct program option_verbs = {
    .part = "db", .summary = "the database", .commands = commands, .command_count = 3};

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
const struct program option_verbless = {
    .part = "simulate", .summary = "simulated stops", .commands = only, .command_count = 1};

/* ---- calling it ----------------------------------------------------------------------------- */

struct capture option_caught;
char option_config[] = "/tmp/maatstaf-option.XXXXXX";

void
option_write_config(const char *text)
{
    FILE *const f = fopen(option_config, "w");

    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

void
option_setup(void)
{
    static const char *const variables[] = {"DB",     "HOME",    "CONFIG", "LOG_LEVEL", "MODE",
                                            "FORMAT", "DRY_RUN", "SEED",   "SHARE",     "FROM",
                                            "MONTH",  "WAIT",    "NOW"};
    char name[64];
    const int fd = mkstemp(option_config);

    ck_assert_int_ge(fd, 0);
    close(fd);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        snprintf(name, sizeof name, "MAATSTAF_%s", variables[i]);
        unsetenv(name);
    }
    setenv("MAATSTAF_CONFIG", option_config, 1);
}

void
option_teardown(void)
{
    unlink(option_config);
    memcpy(option_config + sizeof option_config - 7, "XXXXXX", 6);
    log_set_level(LOG_WARNING);
}

int
option_call(const struct program *p, const char *line)
{
    static char copy[1024];
    char *argv[32] = {copy};
    int argc = 1, status;

    memset(&option_seen, 0, sizeof option_seen);
    snprintf(copy, sizeof copy, "program %s", line);
    for (char *c = copy; *c; c++) {
        if (*c == ' ' && c[1]) {
            *c = '\0';
            argv[argc++] = c + 1;
        } else if (*c == '%') {
            *c = ' ';
        }
    }
    capture_start(&option_caught);
    status = program_main(p, argc, argv);
    capture_end(&option_caught);
    return status;
}

void
option_fails(const char *line, int status, const char *text, const char *hint)
{
    ck_assert_int_eq(option_call(&option_verbs, line), status);
    ck_assert_ptr_null(option_seen.verb);
    ck_assert_str_eq(option_caught.out, "");
    ck_assert_msg(strstr(option_caught.err, text) != NULL, "'%s': %s", line, option_caught.err);
    if (hint)
        ck_assert_msg(strstr(option_caught.err, hint) != NULL, "'%s': %s", line, option_caught.err);
}
