/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the installation knows, read once at the start of an import and then constant: code lists,
 * areas, area orders, settings, group-mode decisions. Code lists are data with a validity; no C
 * file knows a city, a group or a code's label. Safe to share between threads after loading.
 */
#ifndef MAATSTAF_COLLECTOR_CODES_H
#define MAATSTAF_COLLECTOR_CODES_H

#include "common/clock.h"
#include "common/err.h"
#include "sql/db.h"

enum code_flag {                           /* reference.code.flags, as bits */
                 CODE_SENSITIVE = 1 << 0,  /* the codes marked † */
                 CODE_INDIVIDUAL = 1 << 1, /* points at this person or vehicle */
                 CODE_OTHER = 1 << 2,
                 CODE_RISK = 1 << 3,
                 CODE_SANCTION = 1 << 4,
                 CODE_ARREST = 1 << 5,
                 CODE_FINE = 1 << 6,
                 CODE_PV = 1 << 7,
                 CODE_POLICE_ONLY = 1 << 8,
                 CODE_PREVENTIVE = 1 << 9,
                 CODE_SEARCH_POWER = 1 << 10,
                 CODE_CONSENT = 1 << 11,
                 CODE_SEIZURE = 1 << 12,
                 CODE_MIXED = 1 << 13,
                 CODE_NOT_PERCEIVED = 1 << 14,
                 CODE_ILLEGAL = 1 << 15,
                 CODE_NONE = 1 << 16,      /* the code that says "none" of its list */
                 CODE_BOA = 1 << 17,       /* assignment of a municipal enforcer */
                 CODE_MINOR = 1 << 18,     /* age band under 16 */
                 CODE_GENERIC = 1 << 19,   /* a reason told that is none */
                 CODE_YES = 1 << 20,       /* explained */
                 CODE_ON = 1 << 21,        /* bodycam worn and on */
                 CODE_OFF = 1 << 22,       /* bodycam worn and off */
                 CODE_DONE = 1 << 23,      /* reflection done */
                 CODE_CHECKED = 1 << 24,   /* identity was checked */
                 CODE_BY_SEARCH = 1 << 25, /* "search": only a search finds it */
                 CODE_BY_CHECK = 1 << 26,  /* "check": an identity check may find it */
                 CODE_PERCEIVED = 1 << 27, /* perspective of the officer */
                 CODE_SELF = 1 << 28       /* perspective of the person */
};

/* The bit of a flag's name; 0 for a name that the program does not know. */
uint32_t code_flag_of(struct span name);

struct code {
    const char *code;
    uint32_t flags;
    int64_t from, until;            /* days, both included; until is INT64_MAX when open */
    const struct code *next_period; /* same code, another validity, or NULL */
    const char *nl, *en;            /* labels (of banned_phrase: the phrase) */
};

struct code_list {
    const char *name;
    unsigned count;
    const struct code *codes;
    void *index; /* hash of code text */
};

struct area {
    const char *code, *level, *name, *parent, *wijk,
        *district;                  /* wijk: its own code for a wijk; NULL when none */
    int from_year, until_year;      /* both included; INT_MAX when open */
    const struct area *next_period; /* same code, other years, or NULL */
};

struct area_order {
    const char *id, *kind;
    instant from, until;
    unsigned area_count;
    const char *const *areas;
};

struct group_decision {
    bool perceived, self;
    int64_t from, until; /* local days, both included */
};

struct installation {
    const char *area_set, *group_list, *mixed_class, *zone_name;
    const char *text_language, *dictionaries; /* of free text; a path for each language */
    struct zone *zone; /* copy per thread with zone_open: offsets are cached in it */
    int64_t go_live;   /* days */
    double latitude, longitude, refuse_share;
    unsigned list_count, order_count, decision_count;
    const struct code_list *lists;
    const struct area_order *orders;
    const struct group_decision *decisions;
    bool areas_open; /* the profile takes any non-empty area code */
    unsigned area_count;
    const struct area *area_rows;
    void *areas; /* hash of the set's codes */
};

/* group_list and area_set NULL: those of the installation. ERR_CONFIG when a list that fields.h
 * names is empty. */
const struct installation *installation_load(struct arena *a, struct db *db, const char *area_set,
                                             const char *group_list, struct err *e);

/* For tests without a database: lists from sql/reference/codes.csv and settings.csv as embedded. */
const struct installation *installation_embedded(struct arena *a, struct err *e);

struct profile;

/*
 * The installation as an import through this profile sees it: with the profile's own codes, area
 * set, group list, time zone and go-live. The installation itself when p is NULL. The time zone is
 * opened in a.
 */
const struct installation *installation_for_profile(struct arena *a, const struct installation *in,
                                                    const struct profile *p, struct err *e);

const struct code_list *code_list_find(const struct installation *in, const char *name);

/* The code when it is in the list at all (any period), else NULL. */
const struct code *code_find(const struct code_list *list, struct span code);

/* Whether some period of the code covers the day. */
bool code_valid_on(const struct code *code, int64_t day);

/* The area of the installation's set valid in that year, or NULL. Open sets give one nameless area
 * of level "area". */
const struct area *area_find(const struct installation *in, struct span code, int year);

#endif
