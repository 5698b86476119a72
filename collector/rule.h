/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Inside of the checker: how a rule of the table is tested. A predicate sees one stop, or one
 * person of it, and says whether the rule is tripped; it adds no finding, changes nothing and reads
 * nothing but what struct checking points at. A field that was not given never trips a rule by
 * itself unless the rule is about its absence.
 */
#ifndef MAATSTAF_COLLECTOR_RULE_H
#define MAATSTAF_COLLECTOR_RULE_H

#include "collector/codes.h"
#include "collector/finding.h"
#include "collector/profile.h"
#include "collector/record.h"

#include <string.h>

/* A field of some table in one number; 0 is no field. */
#define AT(part, field) ((unsigned)(PART_##part + 1) << 8 | (unsigned)part##_##field)

enum rule_scope {
    RULE_OF_FILE,   /* the file or batch as a whole: decoder and pipeline */
    RULE_OF_FIELD,  /* any field, by its form or content: decoder and text screen */
    RULE_OF_STOP,   /* predicate, once a record */
    RULE_OF_PERSON, /* predicate, once a person */
    RULE_OF_STORE,  /* needs what is stored: functions of schema ingest */
    RULE_OF_UNIT    /* all stops of a unit and month, judged by the analyzer */
};

enum { RULE_NEEDS_MOST = 6 };

enum discretion { DISCRETION_UNKNOWN, DISCRETION_LOW, DISCRETION_MEDIUM, DISCRETION_HIGH };
enum text_quality { TEXT_NONE, TEXT_BOILERPLATE, TEXT_GOOD };

struct checking {
    const struct installation *in;
    const struct coverage *coverage; /* NULL: every field */
    const struct record *r;
    const struct person *p; /* NULL for RULE_OF_STOP */
    instant received;
    bool dated; /* started_at was given: start, day, year and area are meaningful */
    instant start;
    int64_t day; /* local date of the stop */
    int year;
    int64_t go_live;
    const struct area *area;    /* NULL: not in the table of that year, or no code given */
    bool perceived_on, self_on; /* group mode on that day */
    bool place_known;           /* the coordinates of the installation are where the source is */
    enum discretion discretion;
    enum text_quality text_quality; /* of p */
    bool names_origin;              /* p's text mentions origin, skin, nationality or religion */
};

typedef bool rule_trips(const struct checking *c);

struct rule_test {
    enum rule_scope scope;
    /* Not applicable unless the source covers all; the first is where the finding points. */
    uint16_t needs[RULE_NEEDS_MOST];
    rule_trips *trips;   /* NULL: decided elsewhere */
    const char *reading; /* how exactly the rule is read, for the documentation */
};
extern const struct rule_test rule_tests[RULE_COUNT];

/* The part that the field is of. */
static inline enum part
rule_part(unsigned at)
{
    return (enum part)((at >> 8) - 1);
}

/* The name of the field in the documentation and its JSON pointer. */
const struct field *rule_field(unsigned at);
bool coverage_has(const struct coverage *coverage, unsigned at);

/* Every predicate of the table, named after its rule. */
rule_trips trips_R030, trips_E031, trips_E032, trips_W033, trips_E034, trips_W035, trips_E036;
rule_trips trips_E041, trips_W042, trips_E043, trips_E044, trips_E050, trips_W051;
rule_trips trips_E060, trips_E061, trips_W062, trips_E063, trips_W064, trips_E065;
rule_trips trips_E070, trips_E071, trips_E072, trips_E073, trips_W074, trips_E075;
rule_trips trips_E080, trips_W081, trips_W082, trips_E083, trips_E090, trips_E091, trips_E092;
rule_trips trips_E093, trips_E094, trips_E095, trips_E096, trips_W097, trips_E100, trips_W101;
rule_trips trips_W110, trips_E111, trips_E112, trips_E113;

/* ---- reading values ------------------------------------------------------------------------- */

static inline bool
value_is(const struct value *v, const char *code)
{
    return v->given && v->code->code[0] == code[0] && strcmp(v->code->code, code) == 0;
}

static inline bool
value_true(const struct value *v)
{
    return v->given && v->flag;
}

static inline uint32_t
value_flags(const struct value *v)
{
    return v->given ? v->code->flags : 0;
}

static inline unsigned
codes_count(const struct value *v)
{
    return v->given ? v->count : 0;
}

static inline bool
codes_have(const struct value *v, const char *code)
{
    for (unsigned i = 0; i < codes_count(v); i++)
        if (v->codes[i]->code[0] == code[0] && strcmp(v->codes[i]->code, code) == 0)
            return true;
    return false;
}

/* How many of the codes have all bits of `with` and none of `without`. */
static inline unsigned
codes_with(const struct value *v, uint32_t with, uint32_t without)
{
    unsigned n = 0;

    for (unsigned i = 0; i < codes_count(v); i++)
        n += (v->codes[i]->flags & (with | without)) == with;
    return n;
}

/* Whether the code is given and is not the one that says "none" of its list. */
static inline bool
value_some(const struct value *v)
{
    return v->given && (v->code->flags & CODE_NONE) == 0;
}

/* ---- what several rules and derived fields ask ---------------------------------------------- */

bool person_searched(const struct person *p);
uint32_t person_result_flags(const struct person *p); /* all flags of all results */

/* Minutes by which started_at may be off, given its precision. */
int64_t precision_slack_min(const struct record *r);

#endif
