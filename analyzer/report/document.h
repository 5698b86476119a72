/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The analysis document: canonical JSON (docs/schema/analysis-1.json), the one source of every
 * report. Its bytes depend on the inputs and the program's version alone: no time, no host, no
 * locale.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_DOCUMENT_H
#define MAATSTAF_ANALYZER_REPORT_DOCUMENT_H

#include "analyzer/measure/cube.h"
#include "analyzer/measure/exposure.h"
#include "analyzer/measure/figure.h"
#include "analyzer/measure/signal.h"

#include "common/str.h"

struct analysis {
    const struct inputs *in;
    struct strbuf *inputs;  /* inputs_text() */
    char inputs_sha256[65]; /* hex */
    char run_id[32];        /* month and the beginning of a hash */
    const char *version;
    const struct cube *cube;
    struct figures figures;
    struct signals signals;
    struct strbuf *document;
};

/* Computes everything from the inputs. */
struct analysis *analysis_new(struct arena *a, const struct inputs *in);

#endif
