/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Writes the document and names the run. Figures are written as they stand, without rounding; the
 * sentences are sentences.c's. Reads no clock, host or locale, so that `verify` can compare bytes.
 * The analysis, its figures and its document all live in the arena given to analysis_new().
 */
#include "analyzer/report/document.h"

#include "analyzer/measure/plausibility.h"
#include "analyzer/report/findings.h"
#include "analyzer/report/sentences.h"
#include "analyzer/report/signals.h"
#include "analyzer/report/texts.h"
#include "analyzer/report/words.h"
#include "common/digest.h"
#include "common/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_CAP = 1 << 28 };

/* ---- figures, without a tree: many, with known and sorted keys ------------------------------- */

static void
put_string(struct strbuf *b, const char *s)
{
    strbuf_add_char(b, '"');
    for (; *s; s++) {
        const unsigned char c = (unsigned char)*s;

        if (c == '"' || c == '\\') {
            strbuf_add_char(b, '\\');
            strbuf_add_char(b, *s);
        } else if (c < 0x20) {
            strbuf_printf(b, "\\u%04x", c);
        } else {
            strbuf_add_char(b, *s);
        }
    }
    strbuf_add_char(b, '"');
}

static void
put_key(struct strbuf *b, const char *key)
{
    if (b->length && b->data[b->length - 1] != '{')
        strbuf_add_char(b, ',');
    strbuf_add_char(b, '"');
    strbuf_add_text(b, key);
    strbuf_add_text(b, "\":");
}

static void
put_text(struct strbuf *b, const char *key, const char *s)
{
    if (!s || !*s)
        return;
    put_key(b, key);
    put_string(b, s);
}

static void
put_real(struct strbuf *b, double x)
{
    char out[32];

    if (!isfinite(x)) {
        strbuf_add_text(b, "null");
        return;
    }
    json_real_text(x, out);
    strbuf_add_text(b, out);
}

/* A number that does not apply is left out; one that is always asked for is null. */
static void
put_number(struct strbuf *b, const char *key, double x)
{
    if (isnan(x))
        return;
    put_key(b, key);
    put_real(b, x);
}

static void
put_always(struct strbuf *b, const char *key, double x)
{
    put_key(b, key);
    put_real(b, x);
}

static void
put_flag(struct strbuf *b, const char *key, int flagged)
{
    if (flagged < 0)
        return;
    put_key(b, key);
    strbuf_add_text(b, flagged ? "true" : "false");
}

static void
put_figure(struct strbuf *b, const struct figure *x, size_t id)
{
    strbuf_add_char(b, '{');
    put_text(b, "benchmark", x->benchmark);
    put_text(b, "cells", x->cells);
    put_number(b, "detectable", x->detectable);
    put_number(b, "df", x->df);
    put_number(b, "events", x->events);
    put_number(b, "exposure", x->exposure);
    put_flag(b, "flagged", x->flagged);
    put_text(b, "group", x->group);
    put_text(b, "guard", x->guard);
    put_key(b, "id");
    strbuf_printf(b, "%zu", id);
    put_number(b, "level", x->level);
    put_text(b, "level_of_place", x->level_of_place);
    put_always(b, "lower", x->lower);
    put_text(b, "measure", x->measure);
    put_text(b, "method", x->method);
    put_number(b, "n", x->n);
    put_text(b, "note", x->note);
    put_number(b, "p", x->p);
    put_text(b, "perspective", x->perspective);
    put_text(b, "place", x->place);
    put_number(b, "q", x->q);
    put_text(b, "reference", x->reference);
    put_number(b, "statistic", x->statistic);
    put_text(b, "term", x->term);
    put_always(b, "upper", x->upper);
    put_always(b, "value", x->value);
    put_text(b, "window", x->window);
    strbuf_add_char(b, '}');
}

/* ---- run and quality ------------------------------------------------------------------------- */

static json_t *
month_json(const struct cells *c, unsigned month)
{
    char out[8];

    month_text(month_of_index(c->month - CELLS_MONTHS + 1 + (int)month), out);
    return json_string(out);
}

static json_t *
run_json(const struct analysis *x, struct arena *a)
{
    struct strbuf *const choices = choices_text(&x->in->choices, a);
    struct err e = {0};
    json_t *const parameters = json_parse(a, (struct span){choices->data, choices->length}, 0, &e);
    json_t *const windows = json_object();
    json_t *const run = json_object();
    char month[8];

    month_text(x->in->choices.month, month);
    for (unsigned w = 0; w < WINDOWS; w++) {
        json_t *const window = json_array();

        json_array_append_new(window, month_json(x->in->cells, cube_first_month(x->cube, w)));
        json_array_append_new(window, month_json(x->in->cells, CELLS_MONTHS - 1));
        json_object_set_new(windows, window_names[w], window);
    }
    json_object_set_new(run, "id", json_string(x->run_id));
    json_object_set_new(run, "month", json_string(month));
    json_object_set_new(run, "windows", windows);
    json_object_set_new(run, "code_version", json_string(x->version));
    json_object_set_new(run, "seed", json_integer((json_int_t)x->in->choices.seed));
    json_object_set(run, "parameters", parameters);
    json_object_set_new(run, "ledger",
                        json_pack("{s:I, s:s}", "entry", (json_int_t)x->in->choices.ledger_entry,
                                  "hash", x->in->ledger_hash));
    json_object_set_new(run, "inputs_sha256", json_string(x->inputs_sha256));
    json_object_set_new(run, "discretionary", json_pack("[s,s]", "high", "medium"));
    return run;
}

static json_t *
intake_json(const struct inputs *in)
{
    json_t *const list = json_array();

    for (size_t i = 0; i < in->batch_count; i++) {
        const struct batch *const b = &in->batches[i];

        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "source", b->source_system,
                      "profile", b->profile, "status", b->status, "batches", (json_int_t)b->batches,
                      "received", (json_int_t)b->received, "accepted", (json_int_t)b->accepted,
                      "duplicate", (json_int_t)b->duplicate, "quarantined",
                      (json_int_t)b->quarantined, "refused", (json_int_t)b->refused));
    }
    return list;
}

static json_t *
rules_json(const struct inputs *in)
{
    json_t *const list = json_array();

    for (size_t i = 0; i < in->message_count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:I}", "code", in->messages[i].code,
                                              "severity", in->messages[i].severity, "count",
                                              (json_int_t)in->messages[i].count));
    return list;
}

static json_t *
gaps_json(const struct analysis *x)
{
    json_t *const list = json_array();

    for (size_t i = 0; i < cube_gap_count(x->cube); i++) {
        const struct cube_gap *const g = cube_gap(x->cube, i);
        json_t *const gap = json_object();

        json_object_set_new(gap, "month", month_json(x->in->cells, (unsigned)g->month));
        json_object_set_new(gap, "what", json_string(g->what));
        json_object_set_new(gap, "coverage", json_number_or_null(g->coverage));
        json_array_append_new(list, gap);
    }
    return list;
}

/* Unit-months with too few stops to read a rate from (X205). */
static json_t *
unit_gaps_json(const struct analysis *x, struct arena *a)
{
    json_t *const list = json_array();
    size_t count;
    const struct unit_gap *const gaps = plausibility_gaps(a, x->cube, &count);

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:s}", "code", unit_rule_codes[UNIT_X205],
                                              "month", month_json(x->in->cells, gaps[i].month),
                                              "unit", gaps[i].unit));
    return list;
}

static json_t *
guards_json(const struct analysis *x)
{
    json_t *const counts = json_object();

    for (size_t i = 0; i < x->figures.count; i++) {
        const char *const guard = x->figures.list[i].guard;

        if (guard)
            json_object_set_new(
                counts, guard,
                json_integer(json_integer_value(json_object_get(counts, guard)) + 1));
    }
    return counts;
}

static json_t *
population_json(const struct exposures *e, const struct inputs *in)
{
    const int year = exposures_year(e);

    if (year == 0)
        return json_null();
    return json_pack("{s:i, s:b, s:b, s:s}", "year", year, "bridged", (int)exposures_bridged(e),
                     "vintage_in_order", abs(year - in->choices.month.year) <= VINTAGE_YEARS,
                     "bridge", exposures_bridged(e) ? in->choices.bridge_version : "");
}

static json_t *
quality_json(const struct analysis *x, const struct exposures *e, struct arena *a)
{
    json_t *const q = json_object();
    size_t judged = 0;

    for (size_t i = 0; i < x->figures.count; i++)
        judged += isnan(x->figures.list[i].q) ? 0 : 1;
    json_object_set_new(q, "intake", intake_json(x->in));
    json_object_set_new(q, "rules", rules_json(x->in));
    /* Neither knows the month of a stop: both are of every batch up to the run's ledger entry. */
    json_object_set_new(q, "scope",
                        json_pack("{s:s, s:s}", "intake", "all-batches", "rules", "all-batches"));
    json_object_set_new(q, "gaps", gaps_json(x));
    json_object_set_new(q, "unit_gaps", unit_gaps_json(x, a));
    json_object_set_new(q, "findings", findings_json(x));
    json_object_set_new(q, "checks", checks_json(x));
    json_object_set_new(q, "not_in_source", not_in_source_json(x));
    json_object_set_new(q, "not_covered", not_covered_json(x));
    json_object_set_new(q, "guards", guards_json(x));
    json_object_set_new(q, "population", population_json(e, x->in));
    json_object_set_new(q, "comparisons",
                        json_pack("{s:I, s:s, s:[s,s,s,s,s]}", "count", (json_int_t)judged,
                                  "method", "benjamini-hochberg", "family", "measure", "window",
                                  "perspective", "benchmark", "term"));
    return q;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static json_t *
labels_json(const struct analysis *x)
{
    const struct inputs *const in = x->in;
    json_t *const groups = json_object();
    json_t *const reasons = json_object();
    json_t *const places = json_object();

    for (size_t i = 0; i < in->label_count; i++) {
        const struct label *const l = &in->labels[i];
        const bool group = strcmp(l->list, in->choices.group_list) == 0;

        if (!group && names_find(in->cells->reasons, l->code) < 0)
            continue;
        if (!group && json_object_get(reasons, l->code))
            /* Several lists have it (other): the code alone does not say which was meant. */
            json_object_set_new(reasons, l->code,
                                json_pack("{s:s, s:s}", "nl", text(l->code, LANGUAGE_NL), "en",
                                          text(l->code, LANGUAGE_EN)));
        else
            json_object_set_new(group ? groups : reasons, l->code,
                                json_pack("{s:s, s:s}", "nl", l->nl, "en", l->en));
    }
    for (unsigned i = 0; i < cube_place_count(x->cube); i++) {
        const struct cube_place *const p = cube_place(x->cube, i);

        if (strcmp(p->level, "unit") != 0)
            json_object_set_new(places, p->code, json_string(p->name));
    }
    return json_pack("{s:o, s:o, s:o}", "groups", groups, "reasons", reasons, "places", places);
}

/* The name that was loaded with the areas, where the installation has none of its own; a code that
 * stands for a name gets its capital. */
static const char *
city_name(const struct inputs *in, struct arena *a)
{
    for (size_t i = 0; i < in->place_count; i++)
        if (strcmp(in->places[i].level, "city") == 0 &&
            strcmp(in->city_name, in->choices.area_set) == 0 && *in->places[i].name)
            return words_capital(a, in->places[i].name);
    return words_capital(a, in->city_name);
}

static json_t *
texts_json(const struct analysis *x, const struct exposures *e, struct arena *a)
{
    return json_pack("{s:o, s:o, s:o, s:s}", "nl", sentences_json(x, e, a, LANGUAGE_NL), "en",
                     sentences_json(x, e, a, LANGUAGE_EN), "labels", labels_json(x), "city",
                     city_name(x->in, a));
}

/* ---- whole ----------------------------------------------------------------------------------- */

static void
put_member(struct strbuf *b, const char *key, json_t *value, struct arena *a)
{
    put_key(b, key);
    json_write(b, json_own(a, value), JSON_CANONICAL);
}

/*
 * The same inputs, version and figures are the same run; a program that computes other figures from
 * the same inputs makes another run even when nobody raised its version.
 */
static void
name_run(struct analysis *x, const struct strbuf *figures)
{
    struct arena *const a = arena_child(x->figures.arena);
    struct sha256 *const h = sha256_new(a);
    uint8_t digest[DIGEST_BYTES];
    char month[8], hex[65];

    sha256_start(h);
    sha256_add(h, x->inputs_sha256, strlen(x->inputs_sha256));
    sha256_add(h, x->version, strlen(x->version));
    sha256_add(h, figures->data, figures->length);
    sha256_finish(h, digest);
    hex_of(digest, sizeof digest, hex);
    month_text(x->in->choices.month, month);
    snprintf(x->run_id, sizeof x->run_id, "%s-%.10s", month, hex);
    arena_free(a);
}

static void
write_document(struct analysis *x, const struct exposures *e, struct arena *a)
{
    struct strbuf *const b = strbuf_new(a, DOCUMENT_CAP);

    strbuf_add_text(b, "{\"figures\":[");
    for (size_t i = 0; i < x->figures.count; i++) {
        if (i)
            strbuf_add_char(b, ',');
        put_figure(b, &x->figures.list[i], i + 1);
    }
    strbuf_add_char(b, ']');
    name_run(x, b);
    put_member(b, "quality", quality_json(x, e, a), a);
    put_member(b, "run", run_json(x, a), a);
    put_member(b, "schema", json_string("analysis-1"), a);
    put_member(b, "signals", signals_json(x, a), a);
    put_member(b, "targets", json_array(), a);
    put_member(b, "texts", texts_json(x, e, a), a);
    strbuf_add_char(b, '}');
    x->document = b;
}

struct analysis *
analysis_new(struct arena *a, const struct inputs *in)
{
    struct analysis *const x = arena_alloc(a, sizeof *x);
    uint8_t digest[DIGEST_BYTES];

    x->in = in;
    x->version = MAATSTAF_VERSION;
    x->inputs = inputs_text(in, a);
    sha256_of(x->inputs->data, x->inputs->length, digest);
    hex_of(digest, sizeof digest, x->inputs_sha256);

    x->figures.arena = a;
    x->cube = cube_new(a, in);

    const struct exposures *const residents = exposures_new(a, x->cube);

    measure_all(a, x->cube, residents, &x->figures);
    x->signals = signals_of(a, x->cube, &x->figures);
    write_document(x, residents, a);
    return x;
}
