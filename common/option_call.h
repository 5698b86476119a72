/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the files of the option module share, and nobody else includes: one call of a program, with
 * each option's text and where that text came from. Texts and places belong to the call's arena.
 */
#ifndef MAATSTAF_COMMON_OPTION_CALL_H
#define MAATSTAF_COMMON_OPTION_CALL_H

#include "common/option.h"

#ifndef MAATSTAF_VERSION
#define MAATSTAF_VERSION "unknown"
#endif

#define CONFIG_PATH "/etc/maatstaf.conf"

enum { GLOBAL_COUNT = 5 };
extern const struct option_spec option_globals[GLOBAL_COUNT];

/* Ascending: a later source wins. Of the configuration file, the narrower section wins. */
enum option_source {
    FROM_NOWHERE,
    FROM_DEFAULT,
    FROM_FILE,
    FROM_FILE_PART,
    FROM_FILE_VERB,
    FROM_ENVIRONMENT,
    FROM_COMMAND_LINE
};

struct setting {
    const struct option_spec *spec;
    const char *text;  /* NULL: absent */
    const char *place; /* "--month", "MAATSTAF_MONTH", "/etc/maatstaf.conf:12: month" */
    enum option_source source;
};

struct call {
    const struct program *program;
    struct arena *arena;
    const struct command *command; /* NULL until the verb is known */
    const char *group;             /* first word of two-word verbs when the second is missing */
    bool verb_unknown;
    struct setting *settings; /* the globals, then the verb's own */
    size_t setting_count;
    char **words; /* positional arguments */
    int word_count;
};

/* The spec with this name, or NULL. */
const struct option_spec *option_find(const struct option_spec *specs, size_t count,
                                      const char *name);

/* Text to value; owner NULL checks only. Sets code with the given place before the text. */
bool option_store(const struct option_spec *spec, void *owner, const char *text, const char *place,
                  enum err_code code, struct err *e);

/* The absent value of the kind. */
void option_clear(const struct option_spec *spec, void *owner);

/* Gives c's settings what the configuration file says, where nothing stronger did. */
bool option_file_read(struct call *c, const char *path, bool needed, struct err *e);

bool option_is_required(const struct option_spec *spec);
const char *option_help_text(const struct option_spec *spec); /* without the mark of required */
bool option_has_verbs(const struct program *p);               /* false: one command, no verb */

/* "maatstaf db load areas [options] FILE…" */
const char *option_usage(struct arena *a, const struct program *p, const struct command *c);

void option_print_help(const struct call *c, FILE *out);
void option_print_man(const struct program *p, FILE *out);
void option_print_sample(const struct program *p, FILE *out);

#endif
