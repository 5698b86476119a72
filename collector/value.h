/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From text to a value of a field, shared by JSON, CSV and profiles: one meaning of a number, a
 * code, a time and a text for all of them. It knows the code lists and the time zone, but no file
 * format, and it reports what is wrong without saying it to anybody.
 */
#ifndef MAATSTAF_COLLECTOR_VALUE_H
#define MAATSTAF_COLLECTOR_VALUE_H

#include "collector/codes.h"
#include "collector/record.h"

/* What may be wrong with the text of a value; the rule that says so is R001, R013 or R012. */
enum value_fault { VALUE_FINE, VALUE_ENCODING, VALUE_TYPE, VALUE_CODE };

/* A field as decoders use it. */
struct slot {
    const struct field *field;
    const struct code_list *list; /* of CODE and CODES */
    int64_t least, most;
    enum part part;
    unsigned index;
};

/* What a clock time without offset means when it exists twice. FLAG: take the first and say so. */
enum time_policy { TIME_FLAG, TIME_FIRST, TIME_SECOND, TIME_REFUSE };

struct values {
    struct arena *arena; /* of the record at hand; set by the decoder */
    bool copy;           /* texts do not live as long as the arena */
    enum time_policy policy;
    struct zone *zone;
    const struct slot *slots[PART_COUNT]; /* one for each received field */
    bool has_offset, ambiguous, missing;  /* of the time read last */
};

/* For one decoder: opens a zone of its own in a. */
struct values *values_new(struct arena *a, const struct installation *in, struct err *e);

/* Text as CSV has it: codes of CODES separated by '|'. The text is not empty. */
enum value_fault value_parse(struct values *vs, const struct slot *s, struct span text,
                             struct value *v);

/* A string of valid UTF-8 for a field of type CODE, TEXT or TIME. */
enum value_fault value_string(struct values *vs, const struct slot *s, struct span text,
                              struct value *v);

/* Several codes, at most CODES_MOST; none leaves the value not given. */
enum value_fault value_codes(struct values *vs, const struct slot *s, const struct span *texts,
                             unsigned count, struct value *v);

bool value_equal(const struct value *a, const struct value *b, enum field_type type);

/* The parts that values go to; NULL where there is none. */
struct target {
    struct record *record;
    struct person *person;
    struct group *group;
    struct action *action;
    struct find *find;
    struct result *result;
};
struct value *target_value(const struct target *t, enum part part, unsigned index);

/* Zeroed room for one more in an array of the record's arena that grows by doubling; *count is
 * raised. */
struct person *record_add_person(struct arena *a, struct record *r);
struct group *person_add_group(struct arena *a, struct person *p);
struct action *person_add_action(struct arena *a, struct person *p);
struct find *person_add_find(struct arena *a, struct person *p);
struct result *person_add_result(struct arena *a, struct person *p);

#endif
