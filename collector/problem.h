/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Refusals as RFC 9457 documents (application/problem+json): what kind of problem, in English and
 * Dutch, and all violations of the rules with code, severity, place, person, texts and version of
 * the rule. A document holds nothing of what was sent. The kinds are one table; the description of
 * the interface is made from it too.
 */
#ifndef MAATSTAF_COLLECTOR_PROBLEM_H
#define MAATSTAF_COLLECTOR_PROBLEM_H

#include "collector/finding.h"
#include "common/json.h"
#include "common/str.h"

#define PROBLEM_MEDIA "application/problem+json"

struct problem_kind {
    const char *code; /* "framing"; the document's type is urn:maatstaf:problem:framing */
    const char *title, *title_nl;
    const char *detail, *detail_nl;
};
extern const struct problem_kind problem_kinds[];
extern const unsigned problem_kind_count;

/* A code that is in no table gives the kind that says no more than that it was refused. */
const struct problem_kind *problem_kind_find(const char *code);

/* Appends the document. */
void problem_write(struct strbuf *out, struct arena *a, int status, const char *code,
                   const struct finding *notes, unsigned count);

/* What rules say, as a list of objects: of a problem, or beside what was stored or set apart. */
json_t *problem_violations(struct arena *a, const struct finding *notes, unsigned count);

#endif
