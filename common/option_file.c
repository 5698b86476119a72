/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The configuration file: `name = value` lines, comments, sections `[part]` and `[part.verb]`.
 * Everything that this program can know is checked, used by this call or not, and every fault
 * names file and line. Sections of other parts are left to those.
 */
#include "common/option_call.h"

#include <errno.h>
#include <string.h>

enum { LINE_BYTES = 4096 };

/* What the current section is about. */
struct section {
    enum option_source source;     /* FROM_FILE, FROM_FILE_PART or FROM_FILE_VERB */
    const struct command *command; /* of FROM_FILE_VERB */
    bool foreign;                  /* of another part: not ours to judge */
};

struct file {
    struct call *call;
    const char *path;
    unsigned line;
    struct section section;
};

static bool
fault(const struct file *f, struct err *e, const char *what, const char *name)
{
    return err_set(e, ERR_CONFIG, "%s:%u: %s '%.60s'", f->path, f->line, what, name);
}

/* ---- sections ------------------------------------------------------------------------------- */

static bool
unknown_section(const struct file *f, const char *name, const char *word, const char *const *names,
                size_t count, struct err *e)
{
    const char *const near = option_nearest(word, names, count);

    fault(f, e, "unknown section", name);
    return near ? err_hint(e, "did you mean %s?", near)
                : err_hint(e, "a section is [part] or [part.verb]");
}

static bool
part_is_known(const struct program *p, const char *part)
{
    for (size_t i = 0; i < PROGRAM_PARTS; i++) {
        if (strcmp(program_parts[i].name, part) == 0)
            return true;
    }
    return strcmp(p->part, part) == 0;
}

static bool
open_verb(struct file *f, const char *name, const char *verb, struct err *e)
{
    const struct program *const p = f->call->program;
    const char **const verbs = arena_array(f->call->arena, p->command_count, sizeof *verbs);

    for (size_t i = 0; i < p->command_count; i++) {
        verbs[i] = p->commands[i].verb;
        if (*verb && strcmp(verbs[i], verb) == 0) {
            f->section = (struct section){FROM_FILE_VERB, &p->commands[i], false};
            return true;
        }
    }
    return unknown_section(f, name, verb, verbs, p->command_count, e);
}

/* "[db]" or "[db.load areas]". */
static bool
open_section(struct file *f, struct span text, struct err *e)
{
    const struct program *const p = f->call->program;
    struct arena *const a = f->call->arena;
    const char *const whole = arena_strndup(a, text.data, text.length);

    if (text.length < 3 || text.data[text.length - 1] != ']')
        return fault(f, e, "a section must be [part] or [part.verb], not", whole);

    const char *const name = arena_strndup(a, text.data + 1, text.length - 2);
    const size_t length = strcspn(name, ".");
    const char *const part = arena_strndup(a, name, length);

    if (!part_is_known(p, part)) {
        const char *names[PROGRAM_PARTS];

        for (size_t i = 0; i < PROGRAM_PARTS; i++)
            names[i] = program_parts[i].name;
        return unknown_section(f, name, part, names, PROGRAM_PARTS, e);
    }
    if (strcmp(part, p->part) == 0 && name[length] == '.')
        return open_verb(f, name, name + length + 1, e);
    f->section = (struct section){FROM_FILE_PART, NULL, strcmp(part, p->part) != 0};
    return true;
}

/* ---- settings ------------------------------------------------------------------------------- */

static const struct option_spec *
find_in_command(const struct command *command, const char *name)
{
    return command ? option_find(command->options, command->option_count, name) : NULL;
}

/* The option that a name means in this section; this call's own first. */
static const struct option_spec *
find_in_section(const struct file *f, const char *name)
{
    const struct program *const p = f->call->program;
    const struct option_spec *spec = option_find(option_globals, GLOBAL_COUNT, name);

    if (spec || f->section.source == FROM_FILE)
        return spec;
    if (f->section.source == FROM_FILE_VERB)
        return find_in_command(f->section.command, name);
    spec = find_in_command(f->call->command, name);
    for (size_t i = 0; !spec && i < p->command_count; i++)
        spec = find_in_command(&p->commands[i], name);
    return spec;
}

static bool
unknown_name(const struct file *f, const char *name, struct err *e)
{
    const struct call *const c = f->call;
    const char **const names = arena_array(c->arena, c->setting_count + 1, sizeof *names);
    size_t count = 0;

    for (size_t i = 0; i < c->setting_count; i++) {
        if (find_in_section(f, c->settings[i].spec->name))
            names[count++] = c->settings[i].spec->name;
    }

    const char *const near = option_nearest(name, names, count);

    fault(f, e, "unknown name", name);
    if (near)
        return err_hint(e, "did you mean %s?", near);
    if (f->section.source == FROM_FILE)
        return err_hint(e, "an option of one verb belongs in a section [part.verb]");
    return err_hint(e, "maatstaf %s --sample-config lists the names", c->program->part);
}

/* Gives the value to this call, unless a narrower section or a stronger source already did. */
static bool
apply(const struct file *f, const struct option_spec *spec, const char *text, const char *place,
      struct err *e)
{
    if (f->section.command && f->section.command != f->call->command)
        return true;
    for (size_t i = 0; i < f->call->setting_count; i++) {
        struct setting *const s = &f->call->settings[i];

        if (s->spec != spec || s->source > f->section.source)
            continue;
        if (s->source == f->section.source)
            return fault(f, e, "the section already has", spec->name);
        s->text = text;
        s->place = place;
        s->source = f->section.source;
    }
    return true;
}

static bool
read_setting(const struct file *f, struct span line, struct err *e)
{
    struct arena *const a = f->call->arena;
    const char *const equals = memchr(line.data, '=', line.length);

    if (!equals)
        return fault(f, e, "expected name = value, not", arena_strndup(a, line.data, line.length));

    const struct span left = span_trim((struct span){line.data, (size_t)(equals - line.data)});
    const struct span right =
        span_trim((struct span){equals + 1, line.length - (size_t)(equals - line.data) - 1});
    const char *const name = arena_strndup(a, left.data, left.length);
    const char *const text = arena_strndup(a, right.data, right.length);

    if (f->section.foreign)
        return true;
    if (strcmp(name, "config") == 0)
        return fault(f, e, "a configuration file cannot set", name);

    const struct option_spec *const spec = find_in_section(f, name);

    if (!spec)
        return unknown_name(f, name, e);

    const char *const place = arena_printf(a, "%s:%u: %s", f->path, f->line, name);

    return option_store(spec, NULL, text, place, ERR_CONFIG, e) && apply(f, spec, text, place, e);
}

/* ---- file ----------------------------------------------------------------------------------- */

static bool
read_line(struct file *f, char *buffer, bool last, struct err *e)
{
    if (!strchr(buffer, '\n') && !last)
        return err_set(e, ERR_CONFIG, "%s:%u: the line is too long or holds a NUL", f->path,
                       f->line);
    buffer[strcspn(buffer, "\r\n")] = '\0';

    const struct span line = span_trim(span_of(buffer));

    if (line.length == 0 || line.data[0] == '#')
        return true;
    return line.data[0] == '[' ? open_section(f, line, e) : read_setting(f, line, e);
}

static bool
read_lines(struct file *f, FILE *in, struct err *e)
{
    char buffer[LINE_BYTES];

    while (fgets(buffer, sizeof buffer, in)) {
        f->line++;
        if (!read_line(f, buffer, feof(in), e))
            return false;
    }
    if (ferror(in))
        return err_set(e, ERR_CONFIG, "configuration file %s: %s", f->path, strerror(errno));
    return true;
}

bool
option_file_read(struct call *c, const char *path, bool needed, struct err *e)
{
    struct file f = {.call = c, .path = path, .section = {.source = FROM_FILE}};
    FILE *const in = fopen(path, "r");

    if (!in && errno == ENOENT && !needed)
        return true;
    if (!in)
        return err_set(e, ERR_CONFIG, "configuration file %s: %s", path, strerror(errno));

    const bool read = read_lines(&f, in, e);

    fclose(in);
    return read;
}
