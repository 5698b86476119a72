/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From arguments to a filled struct: finds the verb, collects each option's text from command
 * line, environment, configuration file and default, and runs the verb. What a text means is
 * option_value.c's, the file is option_file.c's, help and man page are option_text.c's.
 */
#include "common/option.h"

#include "common/log.h"
#include "common/option_call.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define OPTION_OWNER struct global_options
const struct option_spec option_globals[GLOBAL_COUNT] = {GLOBAL_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

const struct program_part program_parts[PROGRAM_PARTS] = {
    {"db", "the database: cluster, schema, reference data, ledger"},
    {"collector", "takes registrations in from files"},
    {"analyzer", "from registrations to figures and reports"},
    {"simulate", "registrations with planted disparities, for tests and demonstrations"},
};

enum asked { ASKED_NOTHING, ASKED_HELP, ASKED_VERSION, ASKED_MAN, ASKED_SAMPLE };

static const struct {
    const char *argument;
    enum asked asked;
} built_in[] = {
    {"--help", ASKED_HELP},
    {"-h", ASKED_HELP},
    {"--version", ASKED_VERSION},
    {"--man", ASKED_MAN},
    {"--sample-config", ASKED_SAMPLE},
};

enum { BUILT_IN_COUNT = sizeof built_in / sizeof *built_in };

bool
option_has_verbs(const struct program *p)
{
    return p->command_count != 1 || p->commands[0].verb[0] != '\0';
}

static enum asked
built_in_of(const char *argument)
{
    for (size_t i = 0; i < BUILT_IN_COUNT; i++) {
        if (strcmp(argument, built_in[i].argument) == 0)
            return built_in[i].asked;
    }
    return ASKED_NOTHING;
}

/* What is asked anywhere before "--": help must be had with a call that is otherwise wrong. */
static enum asked
asked_for(int argc, char *const *argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const enum asked asked = built_in_of(argv[i]);

        if (asked != ASKED_NOTHING)
            return asked;
    }
    return ASKED_NOTHING;
}

/* ---- command line --------------------------------------------------------------------------- */

static void
add_settings(struct call *c, const struct option_spec *specs, size_t count)
{
    struct setting *const all =
        arena_array(c->arena, c->setting_count + count + 1, sizeof *c->settings);

    for (size_t i = 0; i < c->setting_count; i++)
        all[i] = c->settings[i];
    for (size_t i = 0; i < count; i++)
        all[c->setting_count + i].spec = &specs[i];
    c->settings = all;
    c->setting_count += count;
}

static void
choose_command(struct call *c, const struct command *command)
{
    c->command = command;
    add_settings(c, command->options, command->option_count);
}

/* "try --dry-run", or which other place the option belongs to. */
static bool
unknown_option(const struct call *c, const char *name, struct err *e)
{
    const size_t most = c->setting_count + BUILT_IN_COUNT;
    const char **const names = arena_array(c->arena, most, sizeof *names);
    size_t count = 0;

    err_set(e, ERR_USAGE, "unknown option --%.60s", name);
    for (size_t i = 0; !c->command && i < c->program->command_count; i++) {
        const struct command *const other = &c->program->commands[i];

        if (option_find(other->options, other->option_count, name)) {
            err_set(e, ERR_USAGE, "option --%s comes before the verb", name);
            return err_hint(e, "put it after the verb");
        }
    }
    for (size_t i = 0; i < c->setting_count; i++)
        names[count++] = c->settings[i].spec->name;
    names[count++] = "help";
    names[count++] = "version";

    const char *const near = option_nearest(name, names, count);

    if (near)
        return err_hint(e, "did you mean --%s?", near);
    return err_hint(e, "--help lists the options");
}

static struct setting *
setting_named(const struct call *c, const char *name)
{
    for (size_t i = 0; i < c->setting_count; i++) {
        if (strcmp(c->settings[i].spec->name, name) == 0)
            return &c->settings[i];
    }
    return NULL;
}

/* Takes argv[*i], an option, and its value, which may be the next argument. */
static bool
take_option(struct call *c, int argc, char *const *argv, int *i, struct err *e)
{
    const char *const argument = argv[*i];

    if (built_in_of(argument) != ASKED_NOTHING)
        return true;
    if (argument[1] != '-') {
        err_set(e, ERR_USAGE, "unknown option %.60s", argument);
        return err_hint(e, "options are words, as in --help; -- ends them");
    }

    const char *const name_start = argument + 2;
    const char *const equals = strchr(name_start, '=');
    const size_t name_length = equals ? (size_t)(equals - name_start) : strlen(name_start);
    const char *const name = arena_strndup(c->arena, name_start, name_length);
    struct setting *const s = setting_named(c, name);

    if (!s)
        return unknown_option(c, name, e);
    if (s->source == FROM_COMMAND_LINE)
        return err_set(e, ERR_USAGE, "option --%s is given twice", name);
    s->source = FROM_COMMAND_LINE;
    s->place = arena_printf(c->arena, "--%s", name);
    if (equals) {
        s->text = equals + 1;
    } else if (s->spec->kind == OPTION_FLAG) {
        s->text = "yes";
    } else if (*i + 1 < argc && strncmp(argv[*i + 1], "--", 2) != 0) {
        s->text = argv[++*i];
    } else {
        err_set(e, ERR_USAGE, "option --%s needs a value: %s", name, s->spec->metavar);
        return err_hint(e, "a value that starts with -- is given as --%s=VALUE", name);
    }
    return true;
}

static bool
unknown_verb(struct call *c, const char *word, const char *next, struct err *e)
{
    const char **const names = arena_array(c->arena, c->program->command_count, sizeof *names);
    const char *const both = next ? arena_printf(c->arena, "%s %s", word, next) : word;

    for (size_t i = 0; i < c->program->command_count; i++)
        names[i] = c->program->commands[i].verb;
    c->verb_unknown = true;
    err_set(e, ERR_USAGE, "there is no verb '%.60s'", c->group ? both : word);

    const char *near = option_nearest(both, names, c->program->command_count);

    if (!near)
        near = option_nearest(word, names, c->program->command_count);
    if (near)
        return err_hint(e, "did you mean '%s'?", near);
    return err_hint(e, "maatstaf %s --help lists the verbs", c->program->part);
}

/* Takes argv[*i], and the next word with it when both together are a verb. */
static bool
take_verb(struct call *c, int argc, char *const *argv, int *i, struct err *e)
{
    const char *const word = argv[*i];
    const char *const next = *i + 1 < argc && argv[*i + 1][0] != '-' ? argv[*i + 1] : NULL;
    const char *const both = next ? arena_printf(c->arena, "%s %s", word, next) : NULL;
    const size_t length = strlen(word);
    const struct command *one = NULL;

    for (size_t k = 0; k < c->program->command_count; k++) {
        const struct command *const command = &c->program->commands[k];

        if (both && strcmp(command->verb, both) == 0) {
            ++*i;
            choose_command(c, command);
            return true;
        }
        if (strcmp(command->verb, word) == 0)
            one = command;
        else if (strncmp(command->verb, word, length) == 0 && command->verb[length] == ' ')
            c->group = word;
    }
    if (one) {
        choose_command(c, one);
        return true;
    }
    if (c->group && !next) {
        err_set(e, ERR_USAGE, "'%s' needs a second word", word);
        return err_hint(e, "maatstaf %s %s --help lists them", c->program->part, word);
    }
    return unknown_verb(c, word, next, e);
}

static bool
read_arguments(struct call *c, int argc, char *const *argv, struct err *e)
{
    bool ended = false;

    add_settings(c, option_globals, GLOBAL_COUNT);
    if (!option_has_verbs(c->program))
        choose_command(c, &c->program->commands[0]);
    c->words = arena_array(c->arena, (size_t)argc + 1, sizeof *c->words);

    for (int i = 1; i < argc; i++) {
        bool good = true;

        if (!ended && strcmp(argv[i], "--") == 0)
            ended = true;
        else if (!ended && argv[i][0] == '-' && argv[i][1] != '\0')
            good = take_option(c, argc, argv, &i, e);
        else if (!c->command)
            good = take_verb(c, argc, argv, &i, e);
        else
            c->words[c->word_count++] = argv[i];
        if (!good)
            return false;
    }
    return true;
}

static bool
check_words(const struct call *c, struct err *e)
{
    const struct command *const command = c->command;

    if (c->word_count < command->least)
        err_set(e, ERR_USAGE, "an argument is missing: %s", command->arguments);
    else if (command->most >= 0 && c->word_count > command->most)
        err_set(e, ERR_USAGE, "unexpected argument '%.60s'", c->words[command->most]);
    else
        return true;
    return err_hint(e, "usage: %s", option_usage(c->arena, c->program, command));
}

/* ---- environment, file, defaults ------------------------------------------------------------ */

/* "dry-run" to "MAATSTAF_DRY_RUN". */
static const char *
environment_name(struct arena *a, const char *name)
{
    char *const text = arena_printf(a, "MAATSTAF_%s", name);

    for (char *c = text; *c; c++)
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
    return text;
}

/* An empty variable counts as not set. */
static void
read_environment(struct call *c)
{
    for (size_t i = 0; i < c->setting_count; i++) {
        struct setting *const s = &c->settings[i];
        const char *const variable = environment_name(c->arena, s->spec->name);
        const char *const text = getenv(variable);

        if (s->source >= FROM_ENVIRONMENT || !text || !*text)
            continue;
        s->text = arena_strdup(c->arena, text);
        s->place = variable;
        s->source = FROM_ENVIRONMENT;
    }
}

static void
read_defaults(struct call *c)
{
    for (size_t i = 0; i < c->setting_count; i++) {
        struct setting *const s = &c->settings[i];

        if (s->source > FROM_DEFAULT || !s->spec->fallback)
            continue;
        s->text = s->spec->fallback;
        s->place = s->spec->name;
        s->source = FROM_DEFAULT;
    }
}

static bool
fill(const struct call *c, struct global_options *global, void *options, struct err *e)
{
    for (size_t i = 0; i < c->setting_count; i++) {
        const struct setting *const s = &c->settings[i];
        void *const owner = i < GLOBAL_COUNT ? (void *)global : options;
        const enum err_code code = s->source == FROM_COMMAND_LINE ? ERR_USAGE
                                   : s->source == FROM_DEFAULT    ? ERR_INTERNAL
                                                                  : ERR_CONFIG;

        option_clear(s->spec, owner);
        if (s->text && !option_store(s->spec, owner, s->text, s->place, code, e))
            return false;
        if (!s->text && option_is_required(s->spec)) {
            err_set(e, ERR_USAGE, "option --%s is required", s->spec->name);
            return err_hint(e, "--%s %s: %s", s->spec->name, s->spec->metavar,
                            option_help_text(s->spec));
        }
    }
    return true;
}

static bool
prepare(struct call *c, struct global_options *global, void *options, struct err *e)
{
    enum log_level level;

    read_environment(c);

    const char *const config = setting_named(c, "config")->text;

    if (!option_file_read(c, config ? config : CONFIG_PATH, config != NULL, e))
        return false;
    read_defaults(c);
    if (!fill(c, global, options, e) || !check_words(c, e) || !clock_check(e))
        return false;
    if (log_level_parse(global->log_level, &level))
        log_set_level(level);
    return true;
}

/* ---- program -------------------------------------------------------------------------------- */

int
program_fail(const struct program *p, const struct err *e)
{
    char name[40];
    const int status = err_exit_status(e->code);

    snprintf(name, sizeof name, "maatstaf-%s", p->part);
    log_err(name, e);
    return status ? status : EXIT_FAILURE;
}

static int
answer(const struct call *c, enum asked asked, const struct err *e)
{
    if (asked == ASKED_VERSION)
        printf("maatstaf-%s " MAATSTAF_VERSION "\n", c->program->part);
    else if (asked == ASKED_MAN)
        option_print_man(c->program, stdout);
    else if (asked == ASKED_SAMPLE)
        option_print_sample(c->program, stdout);
    else if (c->verb_unknown)
        return program_fail(c->program, e);
    else
        option_print_help(c, stdout);
    return EXIT_SUCCESS;
}

static int
run(struct call *c, struct err *e)
{
    struct global_options global = {0};
    struct program program = *c->program;
    void *const options = arena_alloc(c->arena, c->command->options_size);

    if (!prepare(c, &global, options, e))
        return program_fail(c->program, e);
    program.global = &global;
    program.command = c->command;
    return c->command->run(&program, c->arena, options, c->word_count, c->words);
}

/* What was printed must have arrived: a full disk or a broken pipe is a failure. */
static int
finish(const struct program *p, int status)
{
    struct err e;

    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    err_set(&e, ERR_INTERNAL, "standard output could not be written");
    program_fail(p, &e);
    return status ? status : EXIT_FAILURE;
}

int
program_main(const struct program *p, int argc, char *const *argv)
{
    struct err e = {.code = ERR_NONE};
    struct arena *const a = arena_new();
    struct call c = {.program = p, .arena = a};
    const enum asked asked = asked_for(argc, argv);
    const bool read = read_arguments(&c, argc, argv, &e);
    int status;

    if (asked != ASKED_NOTHING) {
        status = answer(&c, asked, &e);
    } else if (!read) {
        status = program_fail(p, &e);
    } else if (!c.command) {
        option_print_help(&c, stderr);
        status = err_exit_status(ERR_USAGE);
    } else {
        status = run(&c, &e);
    }
    arena_free(a);
    return finish(p, status);
}
