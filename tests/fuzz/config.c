/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The configuration file, read from memory under a name in /proc: a value comes with file and
 * line and is one that its option takes, the narrower section wins whatever the order, and a fault
 * names the file. What is already given on the command line stays.
 */
#include "common/option_call.h"
#include "tests/fuzz/fuzz.h"

#include <unistd.h>

#define TRY_OPTIONS(X)                                                                             \
    X(FLAG, dry_run, "dry-run", NULL, NULL, "a flag")                                              \
    X(INT, level, "level", "N", "3", "a number")                                                   \
    X(REAL, share, "share", "SHARE", NULL, "a share")                                              \
    X(DATE, day, "day", "DATE", NULL, "a day")                                                     \
    X(MONTH, month, "month", "YYYY-MM", NULL, "a month")                                           \
    X(TEXT, form, "form", "csv|ndjson", NULL, "a choice")                                          \
    X(TEXT, name, "name", "NAME", NULL, "a text")
OPTION_STRUCT(try_options, TRY_OPTIONS);
#define OPTION_OWNER struct try_options
static const struct option_spec specs[] = {TRY_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

enum { SPECS = sizeof specs / sizeof *specs, NAME = GLOBAL_COUNT + SPECS - 1 };

static const struct command commands[] = {
    {.verb = "import", .options = specs, .option_count = SPECS},
    {.verb = "load areas", .options = specs, .option_count = 2},
};
static const struct program program = {
    .part = "collector", .commands = commands, .command_count = 2};

static void
check_settings(const struct call *c, const char *path)
{
    struct try_options filled;
    struct err e;

    for (size_t i = 0; i < c->setting_count; i++) {
        const struct setting *const s = &c->settings[i];

        must((s->text == NULL) == (s->source == FROM_NOWHERE));
        if (!s->text || i == NAME)
            continue;
        must(strncmp(s->place, path, strlen(path)) == 0 && s->place[strlen(path)] == ':');
        must(option_store(s->spec, i < GLOBAL_COUNT ? NULL : &filled, s->text, s->place, ERR_CONFIG,
                          &e));
    }
    must(strcmp(c->settings[NAME].text, "given") == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *const a = arena_new();
    struct setting settings[GLOBAL_COUNT + SPECS] = {0};
    struct call c = {.program = &program,
                     .arena = a,
                     .command = &commands[0],
                     .settings = settings,
                     .setting_count = GLOBAL_COUNT + SPECS};
    FILE *const file = tmpfile();
    const char *path;
    struct err e = {0};

    must(file != NULL && fwrite(data, 1, size, file) == size && fflush(file) == 0);
    path = arena_printf(a, "/proc/self/fd/%d", fileno(file));
    for (size_t i = 0; i < GLOBAL_COUNT + SPECS; i++)
        settings[i].spec = i < GLOBAL_COUNT ? &option_globals[i] : &specs[i - GLOBAL_COUNT];
    settings[NAME].text = "given";
    settings[NAME].source = FROM_COMMAND_LINE;
    if (option_file_read(&c, path, true, &e)) {
        check_settings(&c, path);
    } else {
        must(e.code == ERR_CONFIG);
        must(strncmp(e.text, path, strlen(path)) == 0 && e.text[strlen(path)] == ':');
    }
    (void)fclose(file);
    arena_free(a);
    return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static const char *const values[] = {
        "[collector]\n",
        "[collector.import]\n",
        "[collector.load areas]\n",
        "[db]\n",
        "[dbx]\n",
        "[collector.",
        "]",
        "=",
        "#",
        "yes",
        "no",
        "true",
        "dry-run = yes\n",
        "level = 3\n",
        "share = 0.5\n",
        "day = 2026-11-01\n",
        "month = 2026-11\n",
        "form = csv\n",
        "name = x\n",
        "home = /x\n",
        "log-level = debug\n",
        "config = x\n",
        "levl = 1\n",
        "-9223372036854775808",
    };

    return fuzz_mutate_tokens(data, size, max_size, seed, values, sizeof values / sizeof *values);
}
