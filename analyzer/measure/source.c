/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From fields that sources do not cover to features that cannot be had. The table is how
 * collector/derive.c makes what cells count; tests/integration/plausibility.sh holds it against
 * what comes in. Reads nothing but inputs.
 */
#include "analyzer/measure/source.h"

#include <string.h>

enum { NEEDS_MOST = 4 };

#define CHOICE "/stop/selection_method"
#define SEARCH "/persons/outcome/actions/search_kind"
#define RESULT "/persons/outcome/results/result"

/* Without one of these there is no such feature. */
static const char *const needs[FEATURE_COUNT][NEEDS_MOST] = {
    [FEATURE_DISCRETION] = {CHOICE},
    [FEATURE_SEARCH] = {SEARCH},
    [FEATURE_HIT_STRICT] = {SEARCH, "/persons/outcome/finds/illegal_in_itself",
                            "/persons/outcome/finds/linked_to_reason"},
    [FEATURE_HIT_BROAD] = {SEARCH, RESULT},
    [FEATURE_SELECTION] = {CHOICE, "/persons/selection/behaviour", "/persons/selection/fact",
                           "/persons/selection/selection_text"},
    [FEATURE_WEAK] = {CHOICE, "/persons/selection/behaviour", "/persons/selection/fact"},
    [FEATURE_TEXT] = {CHOICE, "/persons/selection/selection_text"},
    [FEATURE_EXPLAINED] = {"/persons/explanation/explained"},
    [FEATURE_MATCH] = {"/persons/explanation/reason_told"},
    [FEATURE_TREATMENT] = {"/persons/treatment/treatment_flags", "/persons/outcome/actions/force"},
    [FEATURE_BODYCAM] = {"/persons/treatment/bodycam"},
    [FEATURE_REFLECTION] = {"/persons/reflection/reflection"},
    [FEATURE_SANCTION] = {RESULT},
    [FEATURE_REPEAT] = {"/persons/prior_stops_12m_band"},
};

static bool
needed(enum feature feature, const char *field)
{
    for (unsigned i = 0; i < NEEDS_MOST && needs[feature][i]; i++)
        if (strcmp(needs[feature][i], field) == 0)
            return true;
    return false;
}

static bool
one_lacks(const struct inputs *in, const char *source, enum feature feature)
{
    for (size_t i = 0; i < in->not_covered_count; i++)
        if (strcmp(in->not_covered[i].source_system, source) == 0 &&
            needed(feature, in->not_covered[i].field))
            return true;
    return false;
}

bool
source_lacks(const struct inputs *in, enum feature feature)
{
    size_t sources = 0;

    for (size_t i = 0; i < in->batch_count; i++) {
        const struct batch *const b = &in->batches[i];

        if (strcmp(b->status, "stored") != 0 || b->accepted == 0)
            continue;
        if (!one_lacks(in, b->source_system, feature))
            return false;
        sources++;
    }
    return sources > 0;
}
