/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The error value: filling it, adding context, and the tables that map a code to an exit status
 * and a name. Nothing here prints but err_fatal. Texts that do not fit are cut, never overrun.
 */
#include "common/err.h"

#include "common/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int exit_status;
} codes[] = {
    [ERR_NONE] = {"none", 0},         [ERR_INPUT] = {"input", 1},
    [ERR_CONFLICT] = {"conflict", 1}, [ERR_RETRY] = {"retry", 75},
    [ERR_CONFIG] = {"config", 1},     [ERR_USAGE] = {"usage", 2},
    [ERR_VERIFY] = {"verify", 4},     [ERR_INTERNAL] = {"internal", 1},
};

enum { CODE_COUNT = sizeof codes / sizeof codes[0] };

static void fill(char *out, size_t size, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void
fill(char *out, size_t size, const char *format, va_list args)
{
    const int n = vsnprintf(out, size, format, args);

    if (n < 0)
        out[0] = '\0';
    else if ((size_t)n >= size)
        utf8_trim(out);
}

bool
err_set(struct err *e, enum err_code code, const char *format, ...)
{
    /* An argument may be e->text itself, so the new text is made aside. */
    char text[sizeof e->text];
    va_list args;

    va_start(args, format);
    fill(text, sizeof text, format, args);
    va_end(args);
    e->code = code;
    memcpy(e->text, text, sizeof text);
    e->hint[0] = '\0';
    return false;
}

bool
err_context(struct err *e, const char *format, ...)
{
    char context[sizeof e->text];
    char text[sizeof e->text];
    va_list args;

    va_start(args, format);
    fill(context, sizeof context, format, args);
    va_end(args);
    if ((size_t)snprintf(text, sizeof text, "%s: %s", context, e->text) >= sizeof text)
        utf8_trim(text);
    memcpy(e->text, text, sizeof text);
    return false;
}

bool
err_hint(struct err *e, const char *format, ...)
{
    char hint[sizeof e->hint];
    va_list args;

    va_start(args, format);
    fill(hint, sizeof hint, format, args);
    va_end(args);
    memcpy(e->hint, hint, sizeof hint);
    return false;
}

int
err_exit_status(enum err_code code)
{
    return (unsigned)code < CODE_COUNT ? codes[code].exit_status : codes[ERR_INTERNAL].exit_status;
}

const char *
err_code_name(enum err_code code)
{
    return (unsigned)code < CODE_COUNT ? codes[code].name : codes[ERR_INTERNAL].name;
}

void
err_fatal(const char *what)
{
    (void)fprintf(stderr, "maatstaf: %s\n", what);
    abort();
}
