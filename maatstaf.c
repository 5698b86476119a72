/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The front door: `maatstaf db status` becomes the program maatstaf-db with the argument `status`.
 * It looks beside its own executable first, so that a checkout runs its own build, and then on
 * PATH. It reads no option of a part and no configuration.
 */
#include "common/log.h"
#include "common/option.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef MAATSTAF_VERSION
#define MAATSTAF_VERSION "unknown"
#endif

enum { PATH_BYTES = 4096, PART_BYTES = 32 };

static int
overview(void)
{
    puts("usage: maatstaf PART VERB [options] [arguments]\n\n"
         "Maatstaf registers police stops and measures disparities.\n\nparts");
    for (size_t i = 0; i < PROGRAM_PARTS; i++)
        printf("  %-10s  %s\n", program_parts[i].name, program_parts[i].summary);
    puts("\nmaatstaf help PART [VERB] tells more; maatstaf --version prints the version.");
    return EXIT_SUCCESS;
}

static int
version(void)
{
    puts("maatstaf " MAATSTAF_VERSION);
    return EXIT_SUCCESS;
}

/* maatstaf(1); each part prints its own page. */
static int
man(void)
{
    puts(".TH MAATSTAF 1 \"\" \"Maatstaf " MAATSTAF_VERSION "\" \"Maatstaf manual\"\n"
         ".SH NAME\nmaatstaf \\- register police stops and measure disparities\n"
         ".SH SYNOPSIS\n.nf\n"
         "\\fBmaatstaf\\fR \\fIpart\\fR \\fIverb\\fR [\\fIoptions\\fR] [\\fIarguments\\fR]\n"
         "\\fBmaatstaf help\\fR [\\fIpart\\fR [\\fIverb\\fR]]\n.fi\n"
         ".SH DESCRIPTION\nRuns a part: the program maatstaf\\-\\fIpart\\fR that lies beside this "
         "one, else the one on the PATH.\n.SH PARTS");
    for (size_t i = 0; i < PROGRAM_PARTS; i++)
        printf(".TP\n\\fB%s\\fR\n%s\n", program_parts[i].name, program_parts[i].summary);
    puts(".SH EXIT STATUS\n0 done; 1 failed; 2 wrong usage; 3 done, with records set apart or "
         "refused; 4 a verification found a difference; 75 try again\n.SH SEE ALSO");
    for (size_t i = 0; i < PROGRAM_PARTS; i++)
        printf("\\fBmaatstaf\\-%s\\fR(1)%s\n", program_parts[i].name,
               i + 1 < PROGRAM_PARTS ? "," : "");
    return EXIT_SUCCESS;
}

static bool
is_known(const char *part)
{
    for (size_t i = 0; i < PROGRAM_PARTS; i++) {
        if (strcmp(program_parts[i].name, part) == 0)
            return true;
    }
    return false;
}

/* A part's name becomes part of a file name: nothing but small letters,
 * digits and inner hyphens. */
static bool
is_part_name(const char *part)
{
    const size_t length = strlen(part);

    return length > 0 && length < PART_BYTES && part[0] != '-' &&
           strspn(part, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static int
fail(const struct err *e)
{
    log_err("maatstaf", e);
    return err_exit_status(e->code);
}

static int
unknown_part(const char *part)
{
    const char *names[PROGRAM_PARTS];
    struct err e;

    for (size_t i = 0; i < PROGRAM_PARTS; i++)
        names[i] = program_parts[i].name;
    err_set(&e, ERR_USAGE, "there is no part '%.60s'", part);

    const char *const near = option_nearest(part, names, PROGRAM_PARTS);

    if (near)
        err_hint(&e, "did you mean %s?", near);
    else
        err_hint(&e, "maatstaf without arguments lists the parts");
    return fail(&e);
}

/* Path of program beside this executable; false when that cannot be told. */
static bool
path_beside(const char *program, char path[PATH_BYTES])
{
    const ssize_t length = readlink("/proc/self/exe", path, PATH_BYTES - 1);

    if (length <= 0)
        return false;
    path[length] = '\0';

    char *const slash = strrchr(path, '/');
    const size_t room = slash ? PATH_BYTES - (size_t)(slash + 1 - path) : 0;

    return slash && snprintf(slash + 1, room, "%s", program) < (int)room;
}

/* Becomes the part's program with these arguments; arguments[0] is ours. Returns on failure only.
 */
static int
become(const char *part, char **arguments)
{
    char program[PART_BYTES + sizeof "maatstaf-"];
    char path[PATH_BYTES];
    struct err e;

    if (!is_part_name(part))
        return unknown_part(part);
    snprintf(program, sizeof program, "maatstaf-%s", part);
    arguments[0] = program;
    errno = ENOENT;
    if (path_beside(program, path))
        execv(path, arguments);
    if (errno == ENOENT)
        execvp(program, arguments);
    arguments[0] = NULL;
    if (errno == ENOENT && !is_known(part))
        return unknown_part(part);
    err_set(&e, ERR_CONFIG, "%s cannot be run: %s", program, strerror(errno));
    err_hint(&e, "it should be beside the program maatstaf, or on the PATH");
    return fail(&e);
}

/* `help db load areas` becomes `maatstaf-db load areas --help`. */
static int
help(int argc, char **argv)
{
    static char help_option[] = "--help";
    char *arguments[5] = {NULL};
    const int words = argc - 3;
    struct err e;

    if (argc == 2)
        return overview();
    if (words > 2) {
        err_set(&e, ERR_USAGE, "unexpected argument '%.60s'", argv[5]);
        err_hint(&e, "usage: maatstaf help [PART [VERB]]");
        return fail(&e);
    }
    for (int i = 0; i < words; i++)
        arguments[1 + i] = argv[3 + i];
    arguments[1 + words] = help_option;
    return become(argv[2], arguments);
}

static int
run(int argc, char **argv)
{
    const char *const first = argc > 1 ? argv[1] : "--help";
    struct err e;

    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0)
        return overview();
    if (strcmp(first, "--version") == 0)
        return version();
    if (strcmp(first, "--man") == 0)
        return man();
    if (strcmp(first, "help") == 0)
        return help(argc, argv);
    if (first[0] == '-') {
        err_set(&e, ERR_USAGE, "unknown option %.60s", first);
        err_hint(&e, "options come after the part: maatstaf PART VERB [options]");
        return fail(&e);
    }
    return become(first, argv + 1);
}

int
main(int argc, char **argv)
{
    const int status = run(argc, argv);

    return fflush(stdout) == 0 && !ferror(stdout) ? status : EXIT_FAILURE;
}
