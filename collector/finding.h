/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is wrong (or remarkable) about one record: rule, place in the record, person. All findings
 * of a record are collected, not the first. The rules are one table in collector/rules.c: code,
 * severity, scope, what it needs, message in Dutch and English, version. A finding holds no value
 * of the record.
 */
#ifndef MAATSTAF_COLLECTOR_FINDING_H
#define MAATSTAF_COLLECTOR_FINDING_H

#include "common/arena.h"
#include "sql/unit_months.h"

#include <stdbool.h>
#include <stdint.h>

enum severity {
    SEVERITY_FATAL,
    SEVERITY_REFUSE,
    SEVERITY_ERROR,
    SEVERITY_WARNING,
    SEVERITY_INFO,
    SEVERITY_CROSS
};

/* Every rule of a file: R011 is RULE_R011, … in the order of 4-validation.md. */
// clang-format off: the rules in rows
enum rule_id {
    RULE_F001,
    RULE_F002,
    RULE_F003,
    RULE_F004,
    RULE_F005,
    RULE_F006,
    RULE_F007,
    RULE_R001,
    RULE_R010,
    RULE_R011,
    RULE_R012,
    RULE_R013,
    RULE_R021,
    RULE_R022,
    RULE_R023,
    RULE_R024,
    RULE_R025,
    RULE_R030,
    RULE_E031,
    RULE_E032,
    RULE_W033,
    RULE_E034,
    RULE_W035,
    RULE_E036,
    RULE_W040,
    RULE_E041,
    RULE_W042,
    RULE_E043,
    RULE_E044,
    RULE_E050,
    RULE_W051,
    RULE_E060,
    RULE_E061,
    RULE_W062,
    RULE_E063,
    RULE_W064,
    RULE_E065,
    RULE_E070,
    RULE_E071,
    RULE_E072,
    RULE_E073,
    RULE_W074,
    RULE_E075,
    RULE_E080,
    RULE_W081,
    RULE_W082,
    RULE_E083,
    RULE_E090,
    RULE_E091,
    RULE_E092,
    RULE_E093,
    RULE_E094,
    RULE_E095,
    RULE_E096,
    RULE_W097,
    RULE_E100,
    RULE_W101,
    RULE_W110,
    RULE_E111,
    RULE_E112,
    RULE_E113,
    RULE_E120,
#define X(code, ...) RULE_##code,
    UNIT_RULES(X)
#undef X
        RULE_I100,
    RULE_I101,
    RULE_COUNT
};
// clang-format on

struct rule {
    const char *code; /* "R011" */
    enum severity severity;
    const char *nl, *en; /* one plain sentence, no value of the record */
    const char *since;   /* version of the rules that brought it */
};
extern const struct rule rules[RULE_COUNT];

struct finding {
    enum rule_id rule;
    const char *field;        /* JSON pointer without array indices: "/persons/selection/fact",
                                 "/stop/started_at"; static or arena */
    const char *reason;       /* which of the rule's causes it is; NULL: the rule says it all */
    int64_t person_seq;       /* 0: the stop */
    unsigned person, element; /* which of the persons, and of the list in it that the field is of,
                                 from 1; 0: none, or the list as a whole */
};

struct findings {
    struct arena *arena;
    unsigned count, capacity;
    struct finding *list;
    unsigned person, element; /* of what is looked at now: kept in every finding that is added */
};

void findings_clear(struct findings *f, struct arena *a);
void finding_add(struct findings *f, enum rule_id rule, const char *field, int64_t person_seq);
void finding_add_why(struct findings *f, enum rule_id rule, const char *field, int64_t person_seq,
                     const char *reason);

/*
 * The JSON pointer (RFC 6901, indices from 0) of the place: "/persons/1/outcome/actions/0/force";
 * of a field of a list of which the element is not known, the list.
 */
const char *finding_pointer(struct arena *a, const struct finding *f);

/* The worst of them: SEVERITY_REFUSE, _ERROR, _WARNING, or _INFO when there are none. */
enum severity findings_worst(const struct findings *f);

#endif
