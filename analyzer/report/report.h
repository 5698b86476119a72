/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reports from a stored document alone: text for a terminal, CSV of all figures, a plain HTML page,
 * or the document itself. Nothing here computes a figure.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_REPORT_H
#define MAATSTAF_ANALYZER_REPORT_REPORT_H

#include "analyzer/report/texts.h"
#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"

#include <stdbool.h>

struct report_options {
    enum language language;
    bool signals;        /* signals alone */
    const char *measure; /* NULL: all */
    const char *window;  /* of text and html tables, "12-months" */
    const char *style;   /* style sheet of html; NULL: none */
};

/* format: "text", "json", "csv" or "html". ERR_INPUT when the document has no such measure. */
struct strbuf *report_write(struct arena *a, struct span document, const char *format,
                            const struct report_options *how, struct err *e);

#endif
