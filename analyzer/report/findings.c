/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From figures that note a rule to the findings of the document, and from there to rows in the
 * reader's language. Numbers are copied, never computed; a withheld one stays empty.
 */
#include "analyzer/report/findings.h"

#include "analyzer/measure/plausibility.h"
#include "analyzer/measure/source.h"
#include "analyzer/report/texts.h"
#include "analyzer/report/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- into the document ----------------------------------------------------------------------- */

/* The share of the other units, from the note; NaN none. */
static double
rest_of(const struct figure *f)
{
    const char *const at = strstr(f->note, "rest-of-city=");

    return at ? strtod(at + strlen("rest-of-city="), NULL) : NAN;
}

/* "W130 2026-10" and "fines from 2026-03" end in the (first) month. */
static const char *
month_of(const struct figure *f)
{
    const size_t length = strlen(f->term);

    return f->term + (length > 7 ? length - 7 : 0);
}

static json_t *
finding_json(const struct figure *f, int rule, size_t id)
{
    json_t *const j = json_object();
    const char severity[] = {unit_rule_severities[rule], '\0'};

    json_object_set_new(j, "code", json_string(unit_rule_codes[rule]));
    json_object_set_new(j, "severity", json_string(severity));
    json_object_set_new(j, "figure", json_integer((json_int_t)id));
    json_object_set_new(j, "unit", json_string(f->place));
    json_object_set_new(j, "month", json_string(month_of(f)));
    json_object_set_new(j, "value", json_number_or_null(f->value));
    json_object_set_new(j, "n", json_number_or_null(f->n));
    if (strcmp(f->measure, "coverage") == 0) {
        json_object_set_new(j, "source", json_string(f->benchmark));
        json_object_set_new(j, "total", json_number_or_null(f->exposure));
    } else {
        json_object_set_new(j, "rest_of_city", json_number_or_null(rest_of(f)));
    }
    return j;
}

json_t *
findings_json(const struct analysis *x)
{
    json_t *const list = json_array();

    for (int rule = 0; rule < UNIT_RULE_COUNT; rule++)
        for (size_t i = 0; i < x->figures.count; i++)
            if (figure_rule(&x->figures.list[i]) == rule)
                json_array_append_new(list, finding_json(&x->figures.list[i], rule, i + 1));
    return list;
}

json_t *
checks_json(const struct analysis *x)
{
    struct unit_check checks[UNIT_RULE_COUNT];
    json_t *const list = json_array();

    plausibility_checks(x->cube, &x->figures, checks);
    for (int rule = 0; rule < UNIT_RULE_COUNT; rule++)
        json_array_append_new(list,
                              json_pack("{s:s, s:b, s:i, s:i, s:i}", "code", unit_rule_codes[rule],
                                        "applicable", checks[rule].judged + checks[rule].small > 0,
                                        "judged", (int)checks[rule].judged, "small",
                                        (int)checks[rule].small, "found", (int)checks[rule].found));
    return list;
}

json_t *
not_in_source_json(const struct analysis *x)
{
    json_t *const list = json_array();

    for (unsigned f = 0; f < FEATURE_COUNT; f++)
        if (source_lacks(x->in, (enum feature)f))
            json_array_append_new(list, json_string(feature_names[f]));
    return list;
}

json_t *
not_covered_json(const struct analysis *x)
{
    json_t *const list = json_array();

    for (size_t i = 0; i < x->in->not_covered_count; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s}", "source", x->in->not_covered[i].source_system,
                                        "field", x->in->not_covered[i].field));
    return list;
}

/* ---- for people ------------------------------------------------------------------------------ */

const char *const finding_headings[FINDING_COLUMNS] = {
    "finding-unit", "finding-when", "finding-source", "finding-value",
    "finding-rest", "finding-n",    "finding-total",
};

static json_t *
quality(const struct view *v, const char *key)
{
    return json_object_get(json_object_get(v->document, "quality"), key);
}

static const char *
text_of(const json_t *j, const char *key)
{
    const char *const s = json_string_value(json_object_get(j, key));

    return s ? s : "";
}

static const char *
share_text(const struct view *v, const json_t *j)
{
    return json_is_number(j) ? view_value(v, UNIT_SHARE, json_number_value(j)) : "";
}

static const char *
count_text(const struct view *v, const json_t *j)
{
    return json_is_number(j) ? view_count(v, json_number_value(j)) : "";
}

static struct finding_row
row_of(const struct view *v, const json_t *j)
{
    const char *const unit = text_of(j, "unit");
    struct finding_row r = {{NULL}};

    r.cell[FINDING_UNIT] = *unit ? unit : view_text(v, "city");
    r.cell[FINDING_WHEN] = words_month(v->arena, v->how->language, text_of(j, "month"));
    r.cell[FINDING_SOURCE] = text_of(j, "source");
    r.cell[FINDING_VALUE] = share_text(v, json_object_get(j, "value"));
    r.cell[FINDING_REST] = share_text(v, json_object_get(j, "rest_of_city"));
    r.cell[FINDING_N] = count_text(v, json_object_get(j, "n"));
    r.cell[FINDING_TOTAL] = count_text(v, json_object_get(j, "total"));
    if (json_is_null(json_object_get(j, "value")))
        r.cell[FINDING_VALUE] = view_text(v, "too-little");
    return r;
}

static const json_t *
latest_first(const json_t *list, const char *code, const json_t *before)
{
    const json_t *best = NULL;
    bool passed = before == NULL;
    size_t i;
    json_t *j;

    /* After `before` in the order of month (falling), then of the document. */
    json_array_foreach(list, i, j)
    {
        const int order = before ? strcmp(text_of(j, "month"), text_of(before, "month")) : -1;

        if (strcmp(text_of(j, "code"), code) == 0 && j != before &&
            (order < 0 || (order == 0 && passed)) &&
            (!best || strcmp(text_of(j, "month"), text_of(best, "month")) > 0))
            best = j;
        passed = passed || j == before;
    }
    return best;
}

/* X205: a unit a row, with how many of its months are missing. */
static void
add_gaps(const struct view *v, struct finding_block *x)
{
    const json_t *const list = quality(v, "unit_gaps");
    const char *unit = NULL;
    unsigned months = 0;
    size_t i;
    json_t *j;

    x->rows = arena_array(v->arena, json_array_size(list) + 1, sizeof *x->rows);
    json_array_foreach(list, i, j)
    {
        if (!unit || strcmp(unit, text_of(j, "unit")) != 0) {
            unit = text_of(j, "unit");
            months = 0;
            x->count++;
        }
        months++;

        const char *const count = view_count(v, months);

        for (unsigned c = 0; c < FINDING_COLUMNS; c++)
            x->rows[x->count - 1].cell[c] = "";
        x->rows[x->count - 1].cell[FINDING_UNIT] = unit;
        x->rows[x->count - 1].cell[FINDING_WHEN] =
            text_fill(v->arena, "finding-months", v->how->language, &count);
    }
}

static void
fill_block(const struct view *v, struct finding_block *x, const char *code)
{
    const json_t *const list = quality(v, "findings");

    *x = (struct finding_block){.code = code, .message = view_text(v, code)};
    if (strcmp(code, unit_rule_codes[UNIT_X205]) == 0) {
        add_gaps(v, x);
    } else {
        x->rows = arena_array(v->arena, json_array_size(list) + 1, sizeof *x->rows);
        for (const json_t *j = NULL; (j = latest_first(list, code, j));)
            x->rows[x->count++] = row_of(v, j);
    }
    for (size_t i = 0; i < x->count; i++)
        for (unsigned c = 0; c < FINDING_COLUMNS; c++)
            x->shown[c] = x->shown[c] || *x->rows[i].cell[c];
}

size_t
findings_view(const struct view *v, const struct finding_block **blocks)
{
    struct finding_block *const list = arena_array(v->arena, UNIT_RULE_COUNT, sizeof *list);
    size_t count = 0;

    for (int rule = 0; rule < UNIT_RULE_COUNT; rule++) {
        fill_block(v, &list[count], unit_rule_codes[rule]);
        count += list[count].count > 0;
    }
    *blocks = list;
    return count;
}

const char *
findings_scope(const struct view *v)
{
    struct strbuf *const lists[] = {strbuf_new(v->arena, 4096), strbuf_new(v->arena, 4096)};
    size_t i;
    json_t *j;

    json_array_foreach(quality(v, "checks"), i, j)
    {
        struct strbuf *const b = lists[json_is_true(json_object_get(j, "applicable")) ? 0 : 1];

        strbuf_printf(b, "%s%s", b->length ? ", " : "", text_of(j, "code"));
    }

    const char *const none = view_text(v, "none");
    const char *const values[] = {lists[0]->length ? lists[0]->data : none,
                                  lists[1]->length ? lists[1]->data : none};

    return text_fill(v->arena,
                     json_array_size(quality(v, "findings")) ? "findings-scope" : "findings-none",
                     v->how->language, values);
}

const char *
findings_more(const struct view *v, size_t left_out)
{
    const char *const count = view_count(v, (double)left_out);

    return text_fill(v->arena, "more-findings", v->how->language, &count);
}

const char *
findings_line(const struct view *v, const struct finding_block *x, size_t row)
{
    struct strbuf *const b = strbuf_new(v->arena, 4096);
    const struct finding_row *const r = &x->rows[row];

    strbuf_printf(b, "%s, %s", r->cell[FINDING_UNIT], r->cell[FINDING_WHEN]);
    for (unsigned c = FINDING_SOURCE; c < FINDING_COLUMNS; c++)
        if (*r->cell[c])
            strbuf_printf(b, "%s %s %s", c == FINDING_SOURCE ? ";" : ",",
                          view_text(v, finding_headings[c]), r->cell[c]);
    return b->data;
}
