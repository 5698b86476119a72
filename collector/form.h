/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Small documents that come by HTTP beside registrations: an object with one list of flat rows.
 * What a row holds is a table, from which the check and the description of the interface are made.
 * Findings name the place and the rule (R010 an identifier, R011 missing,
 * R013 wrong type or form), never the value.
 */
#ifndef MAATSTAF_COLLECTOR_FORM_H
#define MAATSTAF_COLLECTOR_FORM_H

#include "collector/finding.h"
#include "common/json.h"

enum form_type { FORM_TEXT, FORM_COUNT, FORM_DATE, FORM_MONTH, FORM_CHOICE };

struct form_field {
    const char *name;
    enum form_type type;
    bool required;
    int64_t most;        /* characters of FORM_TEXT, the value of FORM_COUNT */
    const char *choices; /* of FORM_CHOICE, separated by "|" */
    const char *about;
};

struct form {
    const char *schema, *row_schema; /* names in the description */
    const char *list;                /* the member that holds the rows: "control_totals" */
    unsigned rows_most;
    unsigned count;
    const struct form_field *fields;
};

extern const struct form form_control_totals, form_aggregates;

/* The rows, or NULL with findings (R001: no such document at all). */
json_t *form_read(struct arena *a, const struct form *form, struct span text,
                  struct findings *findings);

#endif
