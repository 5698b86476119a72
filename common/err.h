/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The error value. A function that can fail returns bool (or a pointer) and fills a `struct err`
 * that its caller owns. The code says what the caller may do; the text says what is wrong and
 * which record, field or file it is about: lower case, no full stop, never personal data. Only
 * main() and request handlers print it.
 */
#ifndef MAATSTAF_COMMON_ERR_H
#define MAATSTAF_COMMON_ERR_H

#include <stdbool.h>

enum err_code {
    ERR_NONE,
    ERR_INPUT,    /* the input is wrong: correct it; trying again does not help */
    ERR_CONFLICT, /* it contradicts what is stored */
    ERR_RETRY,    /* a passing fault: the same call may go through later */
    ERR_CONFIG,   /* the installation or its settings are wrong */
    ERR_USAGE,    /* the command was called wrongly */
    ERR_VERIFY,   /* a verification found a difference */
    ERR_INTERNAL  /* a fault of ours */
};

struct err {
    enum err_code code;
    char text[480];
    char hint[160]; /* one sentence with the remedy, or empty */
};

/* Sets code and text (and clears the hint). Always returns false, so that `return err_set(...)`. */
bool err_set(struct err *e, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "context: " before the text. Always returns false. */
bool err_context(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets the remedy. Always returns false. */
bool err_hint(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The exit status of a program that ends with this code: 0, 1, 2, 4 or 75 (8-interfaces). */
int err_exit_status(enum err_code code);

/* "input", "conflict", … for logs. */
const char *err_code_name(enum err_code code);

/* For what no caller can handle (no memory, no random bytes): one line on stderr, then abort(). */
void err_fatal(const char *what) __attribute__((noreturn));

#endif
