/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A profile as it is after loading, and how its sources answer for one row. A source is where the
 * text of a field comes from: a constant, a column through a map, several columns joined, or the
 * first of some cases that holds. Inside the collector only; readers use profile.h.
 */
#ifndef MAATSTAF_COLLECTOR_PROFILE_SOURCE_H
#define MAATSTAF_COLLECTOR_PROFILE_SOURCE_H

#include "collector/lookup.h"
#include "collector/profile.h"
#include "collector/value.h"

enum { PROFILE_COLUMNS_MOST = 256 };

/* ---- conditions ------------------------------------------------------------------------------ */

enum condition_kind { COLUMN_MISSING, COLUMN_GIVEN, COLUMN_IS };

struct condition {
    enum condition_kind kind;
    unsigned column, count; /* count values: any of them */
    const struct span *values;
};

struct when { /* all of them; none: always */
    unsigned count;
    const struct condition *conditions;
};

/* ---- sources --------------------------------------------------------------------------------- */

enum source_kind { SOURCE_CONSTANT, SOURCE_COLUMN, SOURCE_JOIN, SOURCE_CASES };
enum unmapped { UNMAPPED_REFUSE, UNMAPPED_DROP, UNMAPPED_TEXT };

struct band {
    double least; /* the band holds from here up to the next band's least */
    struct span text;
};

struct source {
    enum source_kind kind;
    unsigned column;
    struct span text; /* the constant, or what joins */
    const struct lookup
        *map; /* text of the column to const struct span * (no data: not given); or NULL */
    unsigned band_count;
    const struct band *bands;
    enum unmapped unmapped;
    struct span unmapped_text,
        absent_text; /* absent_text: when the column is missing; no data: not given */
    unsigned count;  /* of parts (JOIN) or cases */
    const struct source *parts;
    const struct when *whens; /* of the cases */
    unsigned text_count;
    const struct span
        *texts; /* every text that it may answer by itself: constants and what maps give */
};

enum source_answer {
    ANSWER_NONE,    /* not given */
    ANSWER_TEXT,    /* *out is the text */
    ANSWER_DROPPED, /* a value that the map does not have, and the profile lets go */
    ANSWER_REFUSED  /* a value that the map does not have */
};

/* cells: one a column of the profile; no data when the column is missing or
 * holds a missing marker. */
bool when_holds(const struct when *w, const struct span *cells);
enum source_answer source_answer(const struct source *s, const struct span *cells, struct arena *a,
                                 struct span *out);

/* ---- the profile ----------------------------------------------------------------------------- */

struct binding {
    enum part part;
    unsigned index;
    struct source source;
};

struct bindings {
    unsigned count;
    const struct binding *list;
};

struct child { /* an action, find or result; a group row, which needs its codes */
    struct when when;
    struct bindings set;
};

struct children {
    unsigned count;
    const struct child *list;
};

struct header { /* one form of header that the profile takes */
    const char *name;
    bool any_order;
    unsigned count;
    const struct span *names; /* as the file has them */
    const unsigned *columns;  /* of the profile */
};

struct profile {
    const char *name, *description, *source, *licence;
    const char *zone, *area_set, *group_list, *text_language;
    int64_t go_live;
    bool areas_open, key_is_content, has_gaps;
    enum time_policy ambiguous;
    unsigned column_count, missing_count, dropped_prefix_count, header_count, code_count;
    const struct span *columns, *missing, *dropped_prefixes;
    const struct header *headers;
    const struct profile_code *codes;
    struct bindings stop, person;
    struct children groups, actions, finds, results;
    struct coverage coverage, gaps;
};

/* The form of header that this is: map[i] is the profile's column of the file's column i, or -1.
 * ERR_INPUT when none. */
bool profile_header(const struct profile *p, const struct span *names, size_t count, int *map,
                    struct err *e);

/* Whether every text that the profile may give is one that its field takes. ERR_CONFIG names field
 * and text. */
bool profile_texts_fit(const struct profile *p, struct values *vs, struct err *e);

/* From the text of a profile file; `name` for messages. In profile_compile.c. */
struct profile *profile_compile(struct arena *a, const char *name, struct span text, struct err *e);

#endif
