/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The field tables, made from sql/fields.h, and what belongs to a record as a whole. No field is
 * named here that the list does not name.
 */
#include "collector/record.h"
#include "collector/codes.h"

#include <string.h>

/* ---- where a field stands in the JSON form --------------------------------------------------- */

/* The envelope (all before started_at) is at the top, the rest of the stop in the object "stop". */
#define POINTER_STOP(name, json)                                                                   \
    ((int)STOP_##name < (int)STOP_started_at ? "/" #name : "/stop/" #name)
#define POINTER_PERSON(name, json)                                                                 \
    (sizeof(json) > 1 ? "/persons/" json "/" #name : "/persons/" #name)
#define POINTER_TEXT(name, json)    POINTER_PERSON(name, json)
#define POINTER_TRAIT(name, json)   POINTER_PERSON(name, json)
#define POINTER_GROUP(name, json)   POINTER_PERSON(name, json)
#define POINTER_ACTION(name, json)  "/persons/outcome/" json "/" #name
#define POINTER_FIND(name, json)    "/persons/outcome/" json "/" #name
#define POINTER_RESULT(name, json)  "/persons/outcome/" json "/" #name
#define POINTER_OFFICER(name, json) "/stop/" #name

#define PRIVACY_P0 '0'
#define PRIVACY_P1 '1'
#define PRIVACY_P2 '2'
#define PRIVACY_P3 '3'

#define ROW(table, field, json, kind, codes, must, low, high, class)                               \
    [table##_##field] = {.name = #field,                                                           \
                         .object = json,                                                           \
                         .type = FIELD_##kind,                                                     \
                         .list = codes,                                                            \
                         .need = NEED_##must,                                                      \
                         .least = low,                                                             \
                         .most = high,                                                             \
                         .privacy = PRIVACY_##class,                                               \
                         .pointer = POINTER_##table(field, json)},

const struct field stop_fields[STOP_COUNT] = {STOP_FIELDS(ROW) STOP_DERIVED(ROW)};
const struct field person_fields[PERSON_COUNT] = {PERSON_FIELDS(ROW) PERSON_DERIVED(ROW)};
const struct field action_fields[ACTION_COUNT] = {ACTION_FIELDS(ROW)};
const struct field find_fields[FIND_COUNT] = {FIND_FIELDS(ROW)};
const struct field result_fields[RESULT_COUNT] = {RESULT_FIELDS(ROW)};
const struct field text_fields[TEXT_COUNT] = {TEXT_FIELDS(ROW)};
const struct field trait_fields[TRAIT_COUNT] = {TRAIT_FIELDS(ROW)};
const struct field officer_fields[OFFICER_COUNT] = {OFFICER_FIELDS(ROW)};
const struct field group_fields[GROUP_COUNT] = {GROUP_FIELDS(ROW) GROUP_DERIVED(ROW)};

const struct part_fields part_fields[PART_COUNT] = {
    [PART_STOP] = {stop_fields, STOP_RECEIVED},
    [PART_OFFICER] = {officer_fields, OFFICER_COUNT},
    [PART_PERSON] = {person_fields, PERSON_RECEIVED},
    [PART_TEXT] = {text_fields, TEXT_COUNT},
    [PART_TRAIT] = {trait_fields, TRAIT_COUNT},
    [PART_GROUP] = {group_fields, GROUP_RECEIVED},
    [PART_ACTION] = {action_fields, ACTION_COUNT},
    [PART_FIND] = {find_fields, FIND_COUNT},
    [PART_RESULT] = {result_fields, RESULT_COUNT},
};

/* 3cd6c006-6764-4eb3-b9ac-c13d072cb9bf */
const uint8_t stop_namespace[16] = {0x3c, 0xd6, 0xc0, 0x06, 0x67, 0x64, 0x4e, 0xb3,
                                    0xb9, 0xac, 0xc1, 0x3d, 0x07, 0x2c, 0xb9, 0xbf};

/* ---- the record as a whole ------------------------------------------------------------------- */

bool
record_is_full(const struct record *r)
{
    const struct value *const tx = &r->v[STOP_tx_type];

    return !tx->given || (strcmp(tx->code->code, "W") != 0 && strcmp(tx->code->code, "N") != 0);
}

bool
record_is_of(const struct record *r, const char *source)
{
    const struct value *const system = &r->v[STOP_source_system];

    return !system->given || span_is(system->text, source);
}

void
record_identify(struct record *r)
{
    const struct span system = r->v[STOP_source_system].text;
    const struct span number = r->v[STOP_source_record_no].text;
    char name[1024]; /* 40 + 1 + 100 characters of at most four bytes */

    if (!r->v[STOP_source_system].given || !r->v[STOP_source_record_no].given ||
        system.length + number.length + 1 > sizeof name)
        return;
    memcpy(name, system.data, system.length);
    name[system.length] = 0x1F;
    memcpy(name + system.length + 1, number.data, number.length);
    uuid_v5(stop_namespace, (struct span){name, system.length + 1 + number.length}, r->stop_id);
}
