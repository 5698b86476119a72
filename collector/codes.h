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

enum code_flag { /* reference.code.flags, as bits */
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
    CODE_ILLEGAL = 1 << 15
};

struct code {
    const char *code;
    uint32_t flags;
    int64_t from, until; /* days; until is INT64_MAX when open */
    const struct code *next_period; /* same code, another validity, or NULL */
};

struct code_list {
    const char *name;
    unsigned count;
    const struct code *codes;
    void *index; /* hash of code text */
};

struct area {
    const char *code, *level, *parent, *wijk, *district; /* wijk: its own code for a wijk; NULL when none */
    int from_year, until_year;
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
    struct zone *zone; /* copy per thread with zone_open: offsets are cached in it */
    int64_t go_live;   /* days */
    double latitude, longitude, refuse_share;
    unsigned list_count, order_count, decision_count;
    const struct code_list *lists;
    const struct area_order *orders;
    const struct group_decision *decisions;
    void *areas; /* hash by area set and code */
};

/* group_list and area_set NULL: those of the installation. ERR_CONFIG when a list that fields.h names is empty. */
const struct installation *installation_load(struct arena *a, struct db *db, const char *area_set,
                                             const char *group_list, struct err *e);

/* For tests without a database: lists from sql/reference/codes.csv and settings.csv as embedded. */
const struct installation *installation_embedded(struct arena *a, struct err *e);

const struct code_list *code_list_find(const struct installation *in, const char *name);

/* The code when it is in the list at all (any period), else NULL. */
const struct code *code_find(const struct code_list *list, struct span code);

/* Whether some period of the code covers the day. */
bool code_valid_on(const struct code *code, int64_t day);

/* The area of the installation's set valid in that year, or NULL. */
const struct area *area_find(const struct installation *in, struct span code, int year);

#endif
