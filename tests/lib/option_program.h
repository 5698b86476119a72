/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A small program for the tests of options, with one and two word verbs that note what they were
 * given, and a part without verbs. Setup gives it an empty environment and a configuration file of
 * its own, so that no test depends on the machine's. For tests only: state is global.
 */
#ifndef MAATSTAF_TESTS_LIB_OPTION_PROGRAM_H
#define MAATSTAF_TESTS_LIB_OPTION_PROGRAM_H

#include "common/option.h"
#include "tests/lib/capture.h"

#define LOAD_OPTIONS(X)                                                                            \
    X(TEXT, mode, "mode", "LIST", NULL, "!which modes, apart by commas")                           \
    X(TEXT, format, "format", "text|json|csv", "text", "how it is printed")                        \
    X(FLAG, dry_run, "dry-run", NULL, NULL, "check and report, store nothing")                     \
    X(INT, seed, "seed", "N", NULL, "where the random streams start")                              \
    X(REAL, share, "share", "X", "0.25", "share of the rows")                                      \
    X(DATE, from, "from", "DATE", NULL, "first day")                                               \
    X(MONTH, month, "month", "MONTH", NULL, "month to load")
OPTION_STRUCT(load_options, LOAD_OPTIONS);

#define STATUS_OPTIONS(X) X(INT, wait, "wait", "SECONDS", "5", "how long to wait")
OPTION_STRUCT(status_options, STATUS_OPTIONS);

/* What the verb was given; texts are copied, for their arena is gone afterwards. */
struct option_seen {
    const char *verb;
    struct load_options load;
    struct status_options status;
    struct global_options global;
    char mode[128], format[16], db[128], home[128];
    int argc;
    char words[8][64];
    bool words_end;
};
extern struct option_seen option_seen;
extern struct capture option_caught;
extern char option_config[];

/* Verbs: "load areas", "load codes", "status". */
extern const struct program option_verbs;
/* A part without verbs: its one command has the empty verb. */
extern const struct program option_verbless;

void option_setup(void);
void option_teardown(void);
void option_write_config(const char *text);

/* Runs the program with words apart by single blanks; "%" stands for a blank within a word. */
int option_call(const struct program *p, const char *line);

/* The call must run no verb, end with the status, print nothing and say the texts (hint may be
 * NULL). */
void option_fails(const char *line, int status, const char *text, const char *hint);

#endif
