/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A registration in memory, between decoding (JSON, CSV, profile) and storing. Fields are indexed
 * by enums made from sql/fields.h; codes are pointers into the code lists. Everything belongs to
 * the arena of the chunk. A field that was not given is not given: never 0, never "".
 */
#ifndef MAATSTAF_COLLECTOR_RECORD_H
#define MAATSTAF_COLLECTOR_RECORD_H

#include "common/arena.h"
#include "common/clock.h"
#include "common/digest.h"
#include "common/str.h"
#include "sql/fields.h"

#include <stdbool.h>
#include <stdint.h>

#define FIELD_ENUM_(table, name, ...) table##_##name,
enum stop_field { STOP_FIELDS(FIELD_ENUM_) STOP_RECEIVED, STOP_DERIVED(FIELD_ENUM_) STOP_COUNT };
enum person_field {
    PERSON_FIELDS(FIELD_ENUM_) PERSON_RECEIVED,
    PERSON_DERIVED(FIELD_ENUM_) PERSON_COUNT
};
enum action_field { ACTION_FIELDS(FIELD_ENUM_) ACTION_COUNT };
enum find_field { FIND_FIELDS(FIELD_ENUM_) FIND_COUNT };
enum result_field { RESULT_FIELDS(FIELD_ENUM_) RESULT_COUNT };
enum text_field { TEXT_FIELDS(FIELD_ENUM_) TEXT_COUNT };
enum trait_field { TRAIT_FIELDS(FIELD_ENUM_) TRAIT_COUNT };
enum officer_field { OFFICER_FIELDS(FIELD_ENUM_) OFFICER_COUNT };
enum group_field {
    GROUP_FIELDS(FIELD_ENUM_) GROUP_RECEIVED,
    GROUP_DERIVED(FIELD_ENUM_) GROUP_COUNT
};
#undef FIELD_ENUM_
/* STOP_RECEIVED, PERSON_RECEIVED and GROUP_RECEIVED only divide received from derived; their value
 * is never given. */

enum field_type { FIELD_CODE, FIELD_CODES, FIELD_TEXT, FIELD_INT, FIELD_BOOL, FIELD_TIME };
enum field_need { NEED_M, NEED_C, NEED_O, NEED_D };

struct field { /* one row of sql/fields.h */
    const char *name;
    const char *object; /* "selection", "explanation", …, "" */
    enum field_type type;
    const char *list;
    enum field_need need;
    int64_t least, most;
    char privacy;        /* '0' … '3' */
    const char *pointer; /* its JSON pointer as findings carry it: "/persons/selection/fact" */
};

/* The rows at STOP_RECEIVED, PERSON_RECEIVED and GROUP_RECEIVED are empty: name is NULL. */
extern const struct field stop_fields[STOP_COUNT];
extern const struct field person_fields[PERSON_COUNT];
extern const struct field action_fields[ACTION_COUNT];
extern const struct field find_fields[FIND_COUNT];
extern const struct field result_fields[RESULT_COUNT];
extern const struct field text_fields[TEXT_COUNT];
extern const struct field trait_fields[TRAIT_COUNT];
extern const struct field officer_fields[OFFICER_COUNT];
extern const struct field group_fields[GROUP_COUNT];

/* The tables of a record by number, for what treats all fields alike. */
enum part {
    PART_STOP,
    PART_OFFICER,
    PART_PERSON,
    PART_TEXT,
    PART_TRAIT,
    PART_GROUP,
    PART_ACTION,
    PART_FIND,
    PART_RESULT,
    PART_COUNT
};

struct part_fields {
    const struct field *fields;
    unsigned count; /* received fields only */
};
extern const struct part_fields part_fields[PART_COUNT];

/*
 * Stop ids are UUIDv5 in this namespace over source_system, 0x1F, source_record_no (NFC). It was
 * drawn once at random and never changes: the same registration has the same id everywhere.
 */
extern const uint8_t stop_namespace[16];

struct code; /* a row of a code list: collector/codes.h */

enum { CODES_MOST = 8, GROUPS_MOST = 3 };

struct value {
    bool given;
    uint8_t count; /* of CODES */
    union {
        int64_t number; /* INT; TIME as instant */
        bool flag;
        struct span text;
        const struct code *code;
        const struct code *const *codes; /* CODES: count pointers, in the order given */
    };
};

struct action {
    struct value v[ACTION_COUNT];
};
struct find {
    struct value v[FIND_COUNT];
};
struct result {
    struct value v[RESULT_COUNT];
};
struct group {
    struct value v[GROUP_COUNT];
};

struct person {
    int64_t seq;
    struct value v[PERSON_COUNT];
    struct value text[TEXT_COUNT];
    struct value trait[TRAIT_COUNT];
    unsigned group_count, action_count, find_count, result_count;
    struct group *groups;
    struct action *actions;
    struct find *finds;
    struct result *results;
};

struct record {
    uint64_t line;   /* where it starts in its file */
    uint64_t rows;   /* CSV rows (NDJSON: 1) that it is made of: "received" counts these */
    struct span raw; /* as delivered, for quarantine */
    uint8_t stop_id[16];
    bool started_at_ambiguous, started_at_missing, started_at_has_offset;
    struct value v[STOP_COUNT];
    struct value officer[OFFICER_COUNT];
    unsigned person_count;
    struct person *persons;
};

/* What most records must have. Withdrawals (W) and "no further information" (N) need only the
 * envelope. */
bool record_is_full(const struct record *r);

/* Whether it names no other source system than this one. */
bool record_is_of(const struct record *r, const char *source);

/* Sets stop_id from source_system and source_record_no when both are given. */
void record_identify(struct record *r);

#endif
