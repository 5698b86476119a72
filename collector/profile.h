/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A profile says how a foreign file becomes registrations, as data: which column gives which field,
 * value maps, constants, derived fields, what is dropped and why, the source's time zone and what
 * an ambiguous clock time means, its area set and group list, go-live.
 * collector/profiles/<name>.json; docs/user-guide/profiles.md describes the language. What a source
 * lacks stays NULL; rules that need a field which the profile does not cover are not applicable and
 * counted as such.
 */
#ifndef MAATSTAF_COLLECTOR_PROFILE_H
#define MAATSTAF_COLLECTOR_PROFILE_H

#include "collector/record.h"
#include "common/err.h"

struct profile; /* opaque; fields below by functions */

/* By name (embedded) or by path when it contains '/' or ends in ".json". ERR_CONFIG names file and
 * place of a mistake. */
const struct profile *profile_load(struct arena *a, const char *name, struct err *e);

const char *profile_name(const struct profile *p);
const char *profile_description(const struct profile *p);   /* one line */
const char *profile_area_set(const struct profile *p);      /* NULL: the installation's */
const char *profile_group_list(const struct profile *p);    /* NULL: the installation's */
const char *profile_text_language(const struct profile *p); /* NULL: the installation's */
const char *profile_zone(const struct profile *p);          /* NULL: the installation's */
int64_t profile_go_live(const struct profile *p); /* days; INT64_MIN: the installation's */

bool profile_areas_open(const struct profile *p); /* any non-empty area code is taken */

/*
 * Codes that the source needs and The Hague's lists do not have: installation_for_profile() adds
 * them to the lists in memory, and an import adds them to reference.code so that reports have their
 * labels.
 */
struct profile_code {
    const char *list, *code, *nl, *en;
    const char *flags;  /* names separated by '|', "" for none */
    int64_t valid_from; /* days */
};
const struct profile_code *profile_codes(const struct profile *p, unsigned *count);

/* Names of all embedded profiles with their one-line descriptions, NULL-terminated pairs. */
const char *const *profile_list(struct arena *a);

/* Whether the source covers a field at all. A NULL profile (canonical) covers every field. */
struct coverage {
    bool stop[STOP_COUNT], person[PERSON_COUNT], text[TEXT_COUNT], trait[TRAIT_COUNT],
        group[GROUP_COUNT], action[ACTION_COUNT], find[FIND_COUNT], result[RESULT_COUNT],
        officer[OFFICER_COUNT];
};
const struct coverage *profile_coverage(const struct profile *p);

/* Fields that the source covers and yet leaves out of some records: a rule that trips where one of
 * its needs is left out is not applicable there. NULL: none. */
const struct coverage *profile_gaps(const struct profile *p);

#endif
