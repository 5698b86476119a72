/* SPDX-License-Identifier: EUPL-1.2 */
/* The forms, and the one check of a row against its table. All faults are found, up to a page. */
#include "collector/form.h"
#include "collector/screen.h"
#include "common/clock.h"
#include "common/utf8.h"

#include <string.h>

enum { ROWS_MOST = 10000, FINDINGS_MOST = 200 };
#define COUNT_MOST INT64_C(1000000000000)

static const struct form_field total_fields[] = {
    {"period_from", FORM_DATE, true, 0, NULL, "First day of the period"},
    {"period_to", FORM_DATE, true, 0, NULL, "Last day of the period"},
    {"unit_code", FORM_TEXT, false, 40, NULL, "Unit; left out: of the whole source"},
    {"kind", FORM_TEXT, true, 40, NULL,
     "What was counted: fines, arrests, dispatch, proco_queries, bodycam_activations"},
    {"count", FORM_COUNT, true, COUNT_MOST, NULL, "The count"},
};

static const struct form_field cell_fields[] = {
    {"month", FORM_MONTH, true, 0, NULL, "Month in local time, yyyy-mm"},
    {"area_code", FORM_TEXT, true, 60, NULL, "Area of the area table of the installation"},
    {"group_code", FORM_TEXT, true, 60, NULL, "Group of the group list of the installation"},
    {"kind", FORM_CHOICE, true, 0, "persons|searches|hits",
     "Persons stopped, searches of persons, hits of those"},
    {"count", FORM_COUNT, true, COUNT_MOST, NULL, "The count"},
};

#define FIELDS(list) sizeof list / sizeof *list, list

const struct form form_control_totals = {"ControlTotals", "ControlTotal", "control_totals",
                                         ROWS_MOST, FIELDS(total_fields)};
const struct form form_aggregates = {"Aggregates", "AggregateCell", "cells", ROWS_MOST,
                                     FIELDS(cell_fields)};

/* ---- values -----------------------------------------------------------------------------------
 */

static struct span
text_of(const json_t *value)
{
    return (struct span){json_string_value(value), json_string_length(value)};
}

static bool
is_text(const json_t *value, const struct form_field *f)
{
    const struct span s = text_of(value);

    return json_is_string(value) && s.length > 0 && !memchr(s.data, '\0', s.length) &&
           !utf8_has_forbidden(s) && !memchr(s.data, '\n', s.length) &&
           !memchr(s.data, '\t', s.length) && (int64_t)utf8_length(s) <= f->most;
}

static bool
is_count(const json_t *value, const struct form_field *f)
{
    return json_is_integer(value) && json_integer_value(value) >= 0 &&
           json_integer_value(value) <= f->most;
}

static bool
is_date(const json_t *value, const struct form_field *f)
{
    int64_t days;

    (void)f;
    return json_is_string(value) && date_parse(text_of(value), &days);
}

static bool
is_month(const json_t *value, const struct form_field *f)
{
    struct month m;

    (void)f;
    return json_is_string(value) && month_parse(text_of(value), &m);
}

static bool
is_choice(const json_t *value, const struct form_field *f)
{
    const struct span s = text_of(value);

    if (!json_is_string(value) || s.length == 0)
        return false;
    for (const char *at = f->choices; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (strcspn(at, "|") == s.length && memcmp(at, s.data, s.length) == 0)
            return true;
    return false;
}

static bool (*const checks[])(const json_t *, const struct form_field *) = {
    [FORM_TEXT] = is_text,   [FORM_COUNT] = is_count,   [FORM_DATE] = is_date,
    [FORM_MONTH] = is_month, [FORM_CHOICE] = is_choice,
};

/* ---- rows -------------------------------------------------------------------------------------
 */

static const struct form_field *
field_of(const struct form *form, const char *name)
{
    for (unsigned i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return &form->fields[i];
    return NULL;
}

static void
check_row(struct arena *a, const struct form *form, json_t *row, size_t at, struct findings *found)
{
    const char *const place = arena_printf(a, "/%s/%zu", form->list, at);
    const char *name;
    json_t *value;

    if (!json_is_object(row)) {
        finding_add(found, RULE_R013, place, 0);
        return;
    }
    for (unsigned i = 0; i < form->count; i++)
        if (form->fields[i].required && !json_object_get(row, form->fields[i].name))
            finding_add(found, RULE_R011, arena_printf(a, "%s/%s", place, form->fields[i].name), 0);
    json_object_foreach(row, name, value)
    {
        const struct form_field *const f = field_of(form, name);

        if (!f)
            finding_add_why(found, RULE_R013, place, 0, "unknown field");
        else if (!checks[f->type](value, f))
            finding_add(found, RULE_R013, arena_printf(a, "%s/%s", place, f->name), 0);
        else if (f->type == FORM_TEXT && screen_reference(text_of(value)).certain)
            finding_add(found, RULE_R010, arena_printf(a, "%s/%s", place, f->name), 0);
    }
}

json_t *
form_read(struct arena *a, const struct form *form, struct span text, struct findings *found)
{
    struct err e;
    json_t *const root = json_parse(a, text, 4, &e);
    json_t *const rows = json_object_get(root, form->list);
    const char *const place = arena_printf(a, "/%s", form->list);

    findings_clear(found, a);
    if (!json_is_object(root))
        finding_add(found, RULE_R001, "", 0);
    else if (!rows)
        finding_add(found, RULE_R011, place, 0);
    else if (!json_is_array(rows) || json_array_size(rows) == 0 ||
             json_array_size(rows) > form->rows_most)
        finding_add(found, RULE_R013, place, 0);
    else if (json_object_size(root) > 1)
        finding_add_why(found, RULE_R013, "", 0, "unknown field");
    for (size_t i = 0; found->count == 0 && i < json_array_size(rows); i++)
        for (; i < json_array_size(rows) && found->count < FINDINGS_MOST; i++)
            check_row(a, form, json_array_get(rows, i), i, found);
    return found->count > 0 ? NULL : rows;
}
