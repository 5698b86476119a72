/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What people read about options, made from the same tables as the parser: help for a terminal of
 * 100 columns, the manual page in troff, and a sample configuration whose lines are all comments.
 */
#include "common/option_call.h"

#include <string.h>

enum { COLUMNS = 100, LEFT_MOST = 34 };

/* ---- help ----------------------------------------------------------------------------------- */

/* Columns that UTF-8 text takes: its characters; ours are all one column wide. */
static int
width_of(const char *text, size_t length)
{
    int width = 0;

    for (size_t i = 0; i < length; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

/* Prints words from `column` on, going on at `indent` in the next lines; ends the line. */
static void
print_wrapped(FILE *out, const char *text, size_t length, int column, int indent)
{
    const char *const end = text + length;
    bool first = true;

    while (text < end) {
        const size_t blanks = strspn(text, " \n");

        if (text + blanks >= end)
            break;
        text += blanks;

        size_t word = strcspn(text, " \n");

        if (text + word > end)
            word = (size_t)(end - text);

        const int width = width_of(text, word);

        if (!first && column + 1 + width > COLUMNS) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (!first) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, word, out);
        column += width;
        text += word;
        first = false;
    }
    fputc('\n', out);
}

/* Paragraphs apart by an empty line; one that starts with a space is an example, kept as it is. */
static void
print_paragraphs(FILE *out, const char *text)
{
    while (*text) {
        const char *const gap = strstr(text, "\n\n");
        const size_t length = gap ? (size_t)(gap - text) : strlen(text);

        if (*text == ' ')
            fprintf(out, "%.*s\n", (int)length, text);
        else
            print_wrapped(out, text, length, 0, 0);
        text += length;
        text += strspn(text, "\n");
        if (*text)
            fputc('\n', out);
    }
}

struct row {
    const char *left, *right;
};

static void
print_rows(FILE *out, const struct row *rows, size_t count)
{
    int left = 0;

    for (size_t i = 0; i < count; i++) {
        const int width = width_of(rows[i].left, strlen(rows[i].left));

        if (width > left && width <= LEFT_MOST)
            left = width;
    }
    for (size_t i = 0; i < count; i++) {
        const int width = width_of(rows[i].left, strlen(rows[i].left));

        fprintf(out, "  %s", rows[i].left);
        if (width > left)
            fprintf(out, "\n%*s", left + 4, "");
        else
            fprintf(out, "%*s", left + 2 - width, "");
        print_wrapped(out, rows[i].right, strlen(rows[i].right), left + 4, left + 4);
    }
}

static struct row
option_row(struct arena *a, const struct option_spec *o)
{
    const char *const help = option_help_text(o);
    struct row r = {.right = help};

    r.left = o->kind == OPTION_FLAG ? arena_printf(a, "--%s", o->name)
                                    : arena_printf(a, "--%s %s", o->name, o->metavar);
    if (option_is_required(o))
        r.right = arena_printf(a, "%s (required)", help);
    else if (o->fallback)
        r.right = arena_printf(a, "%s (default %s)", help, o->fallback);
    return r;
}

static void
print_options(struct arena *a, FILE *out, const char *title, const struct option_spec *specs,
              size_t count, bool with_built_in)
{
    struct row *const rows = arena_array(a, count + 2, sizeof *rows);
    size_t used = 0;

    while (used < count) {
        rows[used] = option_row(a, &specs[used]);
        used++;
    }
    if (with_built_in) {
        rows[used++] = (struct row){"--help", "print this text"};
        rows[used++] = (struct row){"--version", "print name and version"};
    }
    fprintf(out, "\n%s\n", title);
    print_rows(out, rows, used);
}

const char *
option_usage(struct arena *a, const struct program *p, const struct command *c)
{
    return arena_printf(a, "maatstaf %s%s%s [options]%s%s", p->part, c->verb[0] ? " " : "", c->verb,
                        c->arguments[0] ? " " : "", c->arguments);
}

static void
print_command_help(const struct call *c, FILE *out)
{
    const struct command *const command = c->command;

    fprintf(out, "usage: %s\n\n", option_usage(c->arena, c->program, command));
    print_wrapped(out, command->summary, strlen(command->summary), 0, 0);
    if (command->details) {
        fputc('\n', out);
        print_paragraphs(out, command->details);
    }
    if (command->option_count > 0)
        print_options(c->arena, out, "options", command->options, command->option_count, false);
    print_options(c->arena, out, "options of every command", option_globals, GLOBAL_COUNT, true);
}

static bool
in_group(const char *verb, const char *group)
{
    const size_t length = group ? strlen(group) : 0;

    return !group || (strncmp(verb, group, length) == 0 && strchr(" ", verb[length]));
}

void
option_print_help(const struct call *c, FILE *out)
{
    const struct program *const p = c->program;
    struct row *const rows = arena_array(c->arena, p->command_count, sizeof *rows);
    size_t count = 0;

    if (c->command) {
        print_command_help(c, out);
        return;
    }
    fprintf(out, "usage: maatstaf %s VERB [options] [arguments]\n\n", p->part);
    print_wrapped(out, p->summary, strlen(p->summary), 0, 0);
    fputs("\nverbs\n", out);
    for (size_t i = 0; i < p->command_count; i++) {
        const struct command *const v = &p->commands[i];

        if (!in_group(v->verb, c->group))
            continue;
        rows[count++] = (struct row){
            .left =
                arena_printf(c->arena, "%s%s%s", v->verb, v->arguments[0] ? " " : "", v->arguments),
            .right = v->summary,
        };
    }
    print_rows(out, rows, count);
    print_options(c->arena, out, "options of every command", option_globals, GLOBAL_COUNT, true);
    fprintf(out, "\nmaatstaf %s VERB --help tells about one verb.\n", p->part);
}

/* ---- manual page ---------------------------------------------------------------------------- */

/* Code point of the valid UTF-8 sequence at *text, which moves past it. */
static unsigned
next_code_point(const char **text)
{
    const unsigned char *s = (const unsigned char *)*text;
    const int more = *s < 0x80 ? 0 : *s < 0xe0 ? 1 : *s < 0xf0 ? 2 : 3;
    unsigned value = more == 0 ? *s : *s & (0x3fU >> more);

    for (int i = 0; i < more && s[1]; i++)
        value = value << 6 | (*++s & 0x3fU);
    *text += (const char *)s + 1 - *text;
    return value;
}

/* Text that troff prints as it stands: no requests, no escapes, ASCII only. */
static void
put_troff(FILE *out, const char *text, size_t length)
{
    const char *const end = text + length;
    bool line_start = true;

    while (text < end) {
        const unsigned c = next_code_point(&text);

        if (line_start && (c == '.' || c == '\''))
            fputs("\\&", out);
        line_start = c == '\n';
        if (c == '\\')
            fputs("\\e", out);
        else if (c == '-')
            fputs("\\-", out);
        else if (c == '"')
            fputs("\\(dq", out);
        else if (c < 0x80)
            fputc((int)c, out);
        else
            fprintf(out, "\\[u%04X]", c);
    }
}

static void
put_text(FILE *out, const char *text)
{
    put_troff(out, text, strlen(text));
}

/* before, text, after: the first and last are troff, the text is not. */
static void
put_line(FILE *out, const char *before, const char *text, const char *after)
{
    fputs(before, out);
    put_text(out, text);
    fputs(after, out);
}

static void
man_paragraphs(FILE *out, const char *text)
{
    while (*text) {
        const char *const gap = strstr(text, "\n\n");
        const size_t length = gap ? (size_t)(gap - text) : strlen(text);
        const bool example = *text == ' ';

        fputs(example ? ".PP\n.EX\n" : ".PP\n", out);
        put_troff(out, text, length);
        fputs(example ? "\n.EE\n" : "\n", out);
        text += length;
        text += strspn(text, "\n");
    }
}

static void
man_options(FILE *out, const struct option_spec *specs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct option_spec *const o = &specs[i];

        put_line(out, ".TP\n\\fB\\-\\-", o->name, "\\fR");
        if (o->kind != OPTION_FLAG)
            put_line(out, " \\fI", o->metavar, "\\fR");
        put_line(out, "\n", option_help_text(o), "");
        if (option_is_required(o))
            fputs(" (required)", out);
        else if (o->fallback)
            put_line(out, " (default ", o->fallback, ")");
        fputs("\n", out);
    }
}

static void
man_command(FILE *out, const struct program *p, const struct command *c)
{
    put_line(out, ".SS \"maatstaf ", p->part, "");
    if (c->verb[0])
        put_line(out, " ", c->verb, "");
    fputs(" [options]", out);
    if (c->arguments[0])
        put_line(out, " ", c->arguments, "");
    put_line(out, "\"\n", c->summary, "\n");
    if (c->details)
        man_paragraphs(out, c->details);
    man_options(out, c->options, c->option_count);
}

static const struct row exit_statuses[] = {
    {"0", "done"},
    {"1", "failed"},
    {"2", "called wrongly"},
    {"3", "done, with records quarantined or refused"},
    {"4", "a verification found a difference"},
    {"75", "a passing fault: try again"},
};

static const struct row environment[] = {
    {"MAATSTAF_DB", "as --db"},
    {"MAATSTAF_HOME", "as --home"},
    {"MAATSTAF_CONFIG", "as --config"},
    {"MAATSTAF_NAME", "as the option --name, for every option: capitals, and _ for -; yes or no "
                      "for an option without a value; empty counts as not set"},
    {"MAATSTAF_NOW", "an RFC 3339 time with offset, taken for the present; for tests"},
};

static const struct row files[] = {
    {CONFIG_PATH, "settings, one name = value a line, under [part] or [part.verb]; "
                  "--sample-config prints all"},
    {".maatstaf/", "the private cluster, keys and spool, unless --home says otherwise"},
};

static void
man_rows(FILE *out, const char *title, const struct row *rows, size_t count)
{
    fprintf(out, ".SH %s\n", title);
    for (size_t i = 0; i < count; i++) {
        put_line(out, ".TP\n\\fB", rows[i].left, "\\fR\n");
        put_line(out, "", rows[i].right, "\n");
    }
}

static void
man_capitals(FILE *out, const char *part)
{
    for (; *part; part++)
        fputc(*part >= 'a' && *part <= 'z' ? *part - 'a' + 'A' : *part, out);
}

void
option_print_man(const struct program *p, FILE *out)
{
    fputs(".TH MAATSTAF\\-", out);
    man_capitals(out, p->part);
    fputs(" 1 \"\" \"Maatstaf " MAATSTAF_VERSION "\" \"Maatstaf manual\"\n", out);
    put_line(out, ".SH NAME\nmaatstaf\\-", p->part, " \\- ");
    put_line(out, "", p->summary, "\n");

    put_line(out, ".SH SYNOPSIS\n.nf\n\\fBmaatstaf ", p->part, "\\fR");
    fputs(option_has_verbs(p) ? " \\fIverb\\fR" : "", out);
    fputs(" [\\fIoptions\\fR] [\\fIarguments\\fR]\n", out);
    put_line(out, "\\fBmaatstaf help ", p->part, "\\fR");
    fputs(option_has_verbs(p) ? " [\\fIverb\\fR]\n.fi\n" : "\n.fi\n", out);

    fputs(".SH DESCRIPTION\nMaatstaf registers police stops and measures disparities. This part "
          "is:\n",
          out);
    put_line(out, "", p->summary, ".\n");
    fputs("Data goes to standard output; progress, log and faults go to standard error.\n.PP\n"
          "An option is taken from the command line, else from the environment, else from the\n"
          "configuration file, else it has its default. Options and arguments may be mixed;\n"
          "\\fB\\-\\-\\fR ends the options.\n",
          out);

    fputs(".SH COMMANDS\n", out);
    for (size_t i = 0; i < p->command_count; i++)
        man_command(out, p, &p->commands[i]);

    fputs(".SH OPTIONS\nEvery command has these.\n", out);
    man_options(out, option_globals, GLOBAL_COUNT);
    fputs(".TP\n\\fB\\-\\-help\\fR\nprint a help text\n"
          ".TP\n\\fB\\-\\-version\\fR\nprint name and version\n",
          out);
    man_rows(out, "EXIT STATUS", exit_statuses, sizeof exit_statuses / sizeof *exit_statuses);
    man_rows(out, "ENVIRONMENT", environment, sizeof environment / sizeof *environment);
    man_rows(out, "FILES", files, sizeof files / sizeof *files);
}

/* ---- sample configuration ------------------------------------------------------------------- */

static const char *
sample_value(const struct option_spec *o)
{
    if (o->fallback)
        return o->fallback;
    return o->kind == OPTION_FLAG ? "no" : o->metavar;
}

static void
sample_options(FILE *out, const struct option_spec *specs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct option_spec *const o = &specs[i];

        if (o == option_find(option_globals, GLOBAL_COUNT, "config"))
            continue; /* a file does not name itself */
        fprintf(out, "# %s%s\n", option_help_text(o), option_is_required(o) ? " (required)" : "");
        fprintf(out, "#%s = %s\n", o->name, sample_value(o));
    }
}

void
option_print_sample(const struct program *p, FILE *out)
{
    fprintf(out,
            "# Settings of maatstaf %s, to be put in " CONFIG_PATH ". Take the # off a line\n"
            "# name = value to set it. A # begins a comment at the start of a line only.\n"
            "# [%s.verb] wins over [%s], and that over lines before the first section.\n\n",
            p->part, p->part, p->part);
    sample_options(out, option_globals, GLOBAL_COUNT);
    for (size_t i = 0; i < p->command_count; i++) {
        const struct command *const c = &p->commands[i];

        if (c->option_count == 0)
            continue;
        fprintf(out, "\n[%s%s%s]\n", p->part, c->verb[0] ? "." : "", c->verb);
        sample_options(out, c->options, c->option_count);
    }
}
