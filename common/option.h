/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Options, declared once. A list of X(KIND, member, "name", "METAVAR", "default", "help") gives the
 * struct that the command reads, the parser, `--help`, the man page and the sample configuration.
 * Precedence: command line, environment MAATSTAF_<NAME>, /etc/maatstaf.conf (or --config), default.
 *
 *   #define IMPORT_OPTIONS(X)                                                     \
 *       X(TEXT, profile, "profile", "NAME", NULL, "how the columns map to fields") \
 *       X(FLAG, dry_run, "dry-run", NULL, NULL, "check and report, store nothing")
 *   OPTION_STRUCT(import_options, IMPORT_OPTIONS);
 *   #define OPTION_OWNER struct import_options
 *   static const struct option_spec import_specs[] = {IMPORT_OPTIONS(OPTION_SPEC)};
 *   #undef OPTION_OWNER
 */
#ifndef MAATSTAF_COMMON_OPTION_H
#define MAATSTAF_COMMON_OPTION_H

#include "common/arena.h"
#include "common/clock.h"
#include "common/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_INT, OPTION_REAL, OPTION_DATE, OPTION_MONTH };

/* The C type of each kind. Absent: false, NULL, INT64_MIN, NaN, INT64_MIN, {0, 0}. */
#define OPTION_TYPE_FLAG  bool
#define OPTION_TYPE_TEXT  const char *
#define OPTION_TYPE_INT   int64_t
#define OPTION_TYPE_REAL  double
#define OPTION_TYPE_DATE  int64_t /* days since 1970-01-01 */
#define OPTION_TYPE_MONTH struct month

struct option_spec {
    enum option_kind kind;
    size_t offset;
    const char *name;     /* "dry-run" */
    const char *metavar;  /* NULL for flags; "a|b|c" lists the only values allowed */
    const char *fallback; /* default as text, or NULL */
    const char *help;     /* one line, lower case, no full stop; "!" first: required */
};

#define OPTION_MEMBER_(kind, member, name, metavar, fallback, help) OPTION_TYPE_##kind member;
#define OPTION_STRUCT(tag, LIST)                                                                   \
    struct tag {                                                                                   \
        LIST(OPTION_MEMBER_)                                                                       \
    }

/* One row of the table; OPTION_OWNER names the struct while the list is expanded. */
#define OPTION_SPEC(kind, member, name, metavar, fallback, help)                                   \
    {OPTION_##kind, offsetof(OPTION_OWNER, member), name, metavar, fallback, help},

struct program;

struct command {
    const char *verb;      /* "import"; two words allowed: "load areas" */
    const char *arguments; /* "FILE…" or "" */
    int least, most;       /* number of positional arguments; most -1: any */
    const char *summary;   /* one line */
    const char *details;   /* paragraphs for help and man page, or NULL */
    const struct option_spec *options;
    size_t option_count;
    size_t options_size; /* sizeof of the options struct */
    /* Returns the exit status. options points at the filled struct; globals are in *p. */
    int (*run)(const struct program *p, struct arena *a, const void *options, int argc,
               char *const *argv);
};

/* Options that every command has. */
#define GLOBAL_OPTIONS(X)                                                                          \
    X(TEXT, db, "db", "CONNINFO", NULL, "database to use instead of the private cluster")          \
    X(INT, db_timeout, "db-timeout", "SECONDS", "900",                                             \
      "most that the database may take for a query")                                               \
    X(TEXT, home, "home", "DIR", ".maatstaf", "folder of the private cluster, keys and spool")     \
    X(TEXT, log_level, "log-level", "error|warning|info|debug", "warning", "what goes to the log") \
    X(TEXT, config, "config", "FILE", NULL, "configuration file instead of /etc/maatstaf.conf")

OPTION_STRUCT(global_options, GLOBAL_OPTIONS);

struct program {
    const char *part;    /* "db", "collector", "analyzer", "client", "simulate" */
    const char *summary; /* one line */
    const struct command *commands;
    size_t command_count;
    const struct global_options *global; /* these two filled by program_main before run */
    const struct command *command;
};

/* Parses, answers --help, --version, --man and --sample-config, runs the verb. The exit
 * status. */
int program_main(const struct program *p, int argc, char *const *argv);

/* Prints what the error says and gives its exit status: `return program_fail(p, &e);` */
int program_fail(const struct program *p, const struct err *e);

/* The parts that the front door shows and that a configuration file may have sections for. */
struct program_part {
    const char *name, *summary;
};
enum { PROGRAM_PARTS = 4 };
extern const struct program_part program_parts[PROGRAM_PARTS];

/* The name most like word (a slip of the keys, a beginning), for hints; NULL when none is near. */
const char *option_nearest(const char *word, const char *const *names, size_t count);

#endif
