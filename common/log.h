/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Log lines and progress, on stderr. A line is `time level message key=value …`; values are
 * escaped so that no input can fake a line, and callers pass no personal data.
 */
#ifndef MAATSTAF_COMMON_LOG_H
#define MAATSTAF_COMMON_LOG_H

#include "common/err.h"

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);
bool log_level_parse(const char *name, enum log_level *level);
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "maatstaf: text" and, when there is one, "hint: …", for the end of main(). */
void log_err(const char *program, const struct err *e);

/* One line that redraws itself, ten times a second at most; silent when stderr is no terminal. */
struct progress {
    const char *what;
    uint64_t total; /* 0: unknown */
    double started, drawn;
    bool terminal;
    bool bytes; /* what is done is bytes: shown in MB */
};
void progress_start(struct progress *p, const char *what, uint64_t total);
void progress_update(struct progress *p, uint64_t done, const char *note);
void progress_end(struct progress *p);

#endif
