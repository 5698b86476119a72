/* SPDX-License-Identifier: EUPL-1.2 */
/* Writes a row of cells as CSV, or as JSON by the section that each column belongs to. */
#include "tests/simulator/row.h"

#include <string.h>

enum section {
    SECTION_TOP,
    SECTION_STOP,
    SECTION_PERSON,
    SECTION_SELECTION,
    SECTION_EXPLANATION,
    SECTION_TREATMENT,
    SECTION_REFLECTION,
    SECTION_GROUP,
    SECTION_OUTCOME
};

enum kind { KIND_T, KIND_N, KIND_L };

static const struct {
    const char *csv; /* the JSON name is the part after the dot */
    enum section section;
    enum kind kind;
} columns[ROW_COUNT] = {
#define COLUMN(name, column, part, type) {column, SECTION_##part, KIND_##type},
    ROW_COLUMNS(COLUMN)
#undef COLUMN
};

static const char *
json_name(unsigned column)
{
    const char *const dot = strchr(columns[column].csv, '.');

    return dot ? dot + 1 : columns[column].csv;
}

/* Texts of the simulator hold no character that JSON escapes. */
static void
put_string(struct strbuf *out, const char *text, size_t length)
{
    strbuf_add_char(out, '"');
    strbuf_add(out, text, length);
    strbuf_add_char(out, '"');
}

/* "a|b" as ["a","b"]; "" as []. */
static void
put_list(struct strbuf *out, const char *text)
{
    strbuf_add_char(out, '[');
    for (const char *from = text; *from;) {
        const size_t length = strcspn(from, "|");

        put_string(out, from, length);
        from += length;
        if (*from == '|') {
            strbuf_add_char(out, ',');
            from++;
        }
    }
    strbuf_add_char(out, ']');
}

static void
put_key(struct strbuf *out, const char *key)
{
    if (out->length && out->data[out->length - 1] != '{')
        strbuf_add_char(out, ',');
    put_string(out, key, strlen(key));
    strbuf_add_char(out, ':');
}

static void
put_section(struct strbuf *out, const struct row *r, enum section section)
{
    for (unsigned c = 0; c < ROW_COUNT; c++) {
        const char *const cell = r->cell[c];

        if (columns[c].section != section || !cell)
            continue;
        put_key(out, json_name(c));
        if (columns[c].kind == KIND_T)
            put_string(out, cell, strlen(cell));
        else if (columns[c].kind == KIND_N)
            strbuf_add_text(out, cell);
        else
            put_list(out, cell);
    }
}

static void
put_object(struct strbuf *out, const char *key, const struct row *r, enum section section)
{
    put_key(out, key);
    strbuf_add_char(out, '{');
    put_section(out, r, section);
    strbuf_add_char(out, '}');
}

/* The n-th of "a:b:c" under a key; empty parts are left out. */
static void
put_part(struct strbuf *out, const char *key, const char *text, unsigned n, bool bare)
{
    while (n-- && *text) {
        text += strcspn(text, ":");
        if (*text == ':')
            text++;
    }

    const size_t length = strcspn(text, ":");

    if (length == 0)
        return;
    put_key(out, key);
    if (bare)
        strbuf_add(out, text, length);
    else
        put_string(out, text, length);
}

/* The n-th of "a|b|c"; empty past the end. */
static struct span
list_item(const char *text, unsigned n)
{
    while (text && n-- && *text) {
        text += strcspn(text, "|");
        if (*text == '|')
            text++;
    }
    return (struct span){text, text ? strcspn(text, "|") : 0};
}

static void
put_results(struct strbuf *out, const struct row *r)
{
    struct span result = list_item(r->cell[ROW_RESULT], 0);

    put_key(out, "results");
    strbuf_add_char(out, '[');
    for (unsigned n = 0; result.length > 0; n++) {
        const struct span offence = list_item(r->cell[ROW_OFFENCE_CODE], n);

        strbuf_add_text(out, n ? ",{" : "{");
        put_key(out, "result");
        put_string(out, result.data, result.length);
        if (offence.length > 0) {
            put_key(out, "offence_code");
            put_string(out, offence.data, offence.length);
        }
        strbuf_add_char(out, '}');
        result = list_item(r->cell[ROW_RESULT], n + 1);
    }
    strbuf_add_char(out, ']');
}

static void
put_outcome(struct strbuf *out, const struct row *r)
{
    put_key(out, "outcome");
    strbuf_add_text(out, "{\"actions\":[{");
    put_key(out, "id_checked");
    put_string(out, r->cell[ROW_ID_CHECKED], strlen(r->cell[ROW_ID_CHECKED]));
    put_part(out, "search_kind", r->cell[ROW_ACTION], 0, false);
    put_part(out, "search_basis", r->cell[ROW_ACTION], 1, false);
    put_part(out, "search_object", r->cell[ROW_ACTION], 2, false);
    put_key(out, "force");
    put_list(out, r->cell[ROW_FORCE]);
    strbuf_add_text(out, "}],\"finds\":[");
    if (r->cell[ROW_FIND]) {
        strbuf_add_char(out, '{');
        put_part(out, "found_class", r->cell[ROW_FIND], 0, false);
        put_part(out, "illegal_in_itself", r->cell[ROW_FIND], 1, true);
        put_part(out, "linked_to_reason", r->cell[ROW_FIND], 2, false);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
    put_results(out, r);
    strbuf_add_char(out, '}');
}

static void
put_group(struct strbuf *out, const struct row *r)
{
    if (!r->cell[ROW_GROUP_AFTER])
        return;
    put_key(out, "group");
    strbuf_add_text(out, "[{\"perspective\":\"after_contact\",\"codes\":");
    put_list(out, r->cell[ROW_GROUP_AFTER]);
    if (r->cell[ROW_GROUP_BEFORE_DECISION]) {
        put_key(out, "perceived_before_decision");
        put_string(out, r->cell[ROW_GROUP_BEFORE_DECISION],
                   strlen(r->cell[ROW_GROUP_BEFORE_DECISION]));
    }
    strbuf_add_text(out, "}]");
}

void
row_write_json(struct strbuf *out, const struct row *persons, unsigned count)
{
    strbuf_add_char(out, '{');
    put_section(out, persons, SECTION_TOP);
    put_object(out, "stop", persons, SECTION_STOP);
    put_key(out, "persons");
    strbuf_add_char(out, '[');
    for (unsigned p = 0; p < count; p++) {
        strbuf_add_text(out, p ? ",{" : "{");
        put_section(out, &persons[p], SECTION_PERSON);
        put_object(out, "selection", &persons[p], SECTION_SELECTION);
        put_object(out, "explanation", &persons[p], SECTION_EXPLANATION);
        put_object(out, "treatment", &persons[p], SECTION_TREATMENT);
        put_group(out, &persons[p]);
        put_outcome(out, &persons[p]);
        put_object(out, "reflection", &persons[p], SECTION_REFLECTION);
        strbuf_add_char(out, '}');
    }
    strbuf_add_text(out, "]}\n");
}

void
row_write_csv_header(struct strbuf *out)
{
    for (unsigned c = 0; c < ROW_COUNT; c++) {
        if (c)
            strbuf_add_char(out, ',');
        strbuf_add_text(out, columns[c].csv);
    }
    strbuf_add_char(out, '\n');
}

/* Texts of the simulator hold no comma, quote or line end. */
void
row_write_csv(struct strbuf *out, const struct row *persons, unsigned count)
{
    for (unsigned p = 0; p < count; p++) {
        for (unsigned c = 0; c < ROW_COUNT; c++) {
            if (c)
                strbuf_add_char(out, ',');
            if (persons[p].cell[c])
                strbuf_add_text(out, persons[p].cell[c]);
        }
        strbuf_add_char(out, '\n');
    }
}
