/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Everything that an analysis is computed from as one text, and the choices there and back. The
 * text is what is hashed, stored and compared by `verify`: a byte more or less here makes another
 * run. Reads no database and checks no content; buffers belong to the caller's arena.
 */
#include "analyzer/cells/inputs.h"

#include "common/digest.h"
#include "common/json.h"

#include <inttypes.h>
#include <string.h>

enum { TEXT_CAP = 1 << 28 };

const struct label *
inputs_label(const struct inputs *in, const char *list, const char *code)
{
    const char *const wanted = list ? list : in->choices.group_list;

    for (size_t i = 0; i < in->label_count; i++)
        if (strcmp(in->labels[i].code, code) == 0 && strcmp(in->labels[i].list, wanted) == 0)
            return &in->labels[i];
    return NULL;
}

static json_t *
choices_json(const struct choices *c)
{
    char month[8];

    month_text(c->month, month);
    return json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:i, s:f, s:b}", "month",
                     month, "seed", (json_int_t)c->seed, "area_set", c->area_set, "zone", c->zone,
                     "group_list", c->group_list, "bridge_version", c->bridge_version, "reference",
                     c->reference, "previous", c->previous ? c->previous : "", "ledger_entry",
                     (json_int_t)c->ledger_entry, "load_head", (json_int_t)c->load_head, "draws",
                     (int)c->draws, "level", c->level, "models", c->models);
}

struct strbuf *
choices_text(const struct choices *c, struct arena *a)
{
    struct strbuf *const b = strbuf_new(a, 65536);

    json_write(b, json_own(a, choices_json(c)), JSON_CANONICAL);
    return b;
}

bool
choices_parse(struct arena *a, struct span text, struct choices *c, struct err *e)
{
    json_t *const j = json_parse(a, text, 0, e);
    const char *month;
    json_int_t seed, entry, load;
    int draws, models;

    if (!j)
        return err_context(e, "choices of the run");
    if (json_unpack(j, "{s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:i, s:F, s:b}", "month",
                    &month, "seed", &seed, "area_set", &c->area_set, "zone", &c->zone, "group_list",
                    &c->group_list, "bridge_version", &c->bridge_version, "reference",
                    &c->reference, "previous", &c->previous, "ledger_entry", &entry, "load_head",
                    &load, "draws", &draws, "level", &c->level, "models", &models) != 0 ||
        !month_parse(span_of(month), &c->month))
        return err_set(e, ERR_VERIFY, "the choices of the run are not what this version stores");
    c->seed = (uint64_t)seed;
    c->ledger_entry = entry;
    c->load_head = load;
    c->draws = (unsigned)draws;
    c->models = models;
    return true;
}

/* ---- everything as text ---------------------------------------------------------------------- */

static void
add_reference(json_t *root, const struct inputs *in)
{
    json_t *const places = json_array();
    json_t *const population = json_array();
    json_t *const bridge = json_array();
    json_t *const benchmarks = json_array();
    json_t *const controls = json_array();

    for (size_t i = 0; i < in->place_count; i++) {
        const struct place *const x = &in->places[i];

        json_array_append_new(places,
                              json_pack("[s,s,s,s?]", x->code, x->level, x->name, x->parent));
    }
    for (size_t i = 0; i < in->population_count; i++) {
        const struct population *const x = &in->population[i];

        json_array_append_new(population, json_pack("[s,i,s,f,i]", x->area, x->year, x->class,
                                                    x->persons, x->rounded_to));
    }
    for (size_t i = 0; i < in->bridge_count; i++) {
        const struct bridge *const x = &in->bridge[i];

        json_array_append_new(
            bridge, json_pack("[s,s,f,f,f]", x->class, x->group, x->weight, x->low, x->high));
    }
    for (size_t i = 0; i < in->benchmark_count; i++) {
        const struct benchmark *const x = &in->benchmarks[i];

        json_array_append_new(benchmarks,
                              json_pack("[s,s,s,s,s,i,i,f]", x->name, x->area, x->group, x->family,
                                        x->unit, x->from, x->until, x->exposure));
    }
    for (size_t i = 0; i < in->control_count; i++) {
        const struct control_total *const x = &in->controls[i];

        json_array_append_new(controls, json_pack("[s,s,s,i,i,f]", x->source, x->unit, x->kind,
                                                  x->from, x->until, x->count));
    }
    json_object_set_new(root, "places", places);
    json_object_set_new(root, "population", population);
    json_object_set_new(root, "bridge", bridge);
    json_object_set_new(root, "benchmarks", benchmarks);
    json_object_set_new(root, "control_totals", controls);
}

static void
add_intake(json_t *root, const struct inputs *in)
{
    json_t *const batches = json_array();
    json_t *const messages = json_array();
    json_t *const labels = json_array();

    for (size_t i = 0; i < in->batch_count; i++) {
        const struct batch *const x = &in->batches[i];

        json_array_append_new(batches,
                              json_pack("[s,s,s,f,f,f,f,f,f]", x->source_system, x->profile,
                                        x->status, x->batches, x->received, x->accepted,
                                        x->duplicate, x->quarantined, x->refused));
    }
    for (size_t i = 0; i < in->message_count; i++)
        json_array_append_new(messages, json_pack("[s,s,f]", in->messages[i].code,
                                                  in->messages[i].severity, in->messages[i].count));
    for (size_t i = 0; i < in->label_count; i++) {
        const struct label *const x = &in->labels[i];

        json_array_append_new(labels, json_pack("[s,s,s,s,b,b]", x->list, x->code, x->nl, x->en,
                                                x->not_perceived, x->sensitive));
    }
    json_object_set_new(root, "batches", batches);
    json_object_set_new(root, "messages", messages);
    json_object_set_new(root, "labels", labels);
}

/* Signals of the run before, as they stand in its document. */
static void
add_earlier(json_t *root, const struct inputs *in)
{
    json_t *const earlier = json_array();

    for (size_t i = 0; i < in->earlier_count; i++) {
        const struct earlier_signal *const x = &in->earlier[i];

        json_array_append_new(earlier,
                              json_pack("[s,s,s,s,s,s,s,s]", x->id, x->kind, x->level_of_place,
                                        x->place, x->perspective, x->group, x->grade, x->since));
    }
    json_object_set_new(root, "earlier_signals", earlier);
}

static void
add_not_covered(json_t *root, const struct inputs *in)
{
    json_t *const list = json_array();

    for (size_t i = 0; i < in->not_covered_count; i++)
        json_array_append_new(
            list, json_pack("[s,s]", in->not_covered[i].source_system, in->not_covered[i].field));
    json_object_set_new(root, "not_covered", list);
}

static void
add_number(struct strbuf *b, int64_t value)
{
    char digits[24];
    size_t n = sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        digits[--n] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (value < 0)
        digits[--n] = '-';
    strbuf_add(b, digits + n, sizeof digits - n);
}

static void
add_dimensions(struct strbuf *b, const struct cells *c, unsigned month, unsigned area,
               const char *third, unsigned perspective, unsigned group)
{
    char text[8];

    month_text(month_of_index(c->month - CELLS_MONTHS + 1 + (int)month), text);
    strbuf_add_text(b, text);
    strbuf_add_char(b, '\t');
    strbuf_add_text(b, names_text(c->areas, area));
    strbuf_add_char(b, '\t');
    strbuf_add_text(b, third);
    strbuf_add_char(b, '\t');
    strbuf_add_text(b, perspective_names[perspective]);
    strbuf_add_char(b, '\t');
    strbuf_add_text(b, names_text(c->groups, group));
    strbuf_add_char(b, '\t');
}

static void
add_cells(struct strbuf *b, const struct cells *c)
{
    strbuf_add_text(b, "\ncells: month, area, unit, perspective, group, ");
    for (unsigned s = 0; s < SUM_COUNT; s++) {
        strbuf_add_text(b, s ? " " : "");
        strbuf_add_text(b, sum_names[s]);
    }
    strbuf_add_char(b, '\n');
    for (size_t i = 0; i < c->count; i++) {
        const struct cell *const x = &c->list[i];

        add_dimensions(b, c, x->month, x->area, names_text(c->units, x->unit), x->perspective,
                       x->group);
        for (unsigned s = 0; s < SUM_COUNT; s++) {
            if (s)
                strbuf_add_char(b, ' ');
            add_number(b, x->sum[s]);
        }
        strbuf_add_char(b, '\n');
    }
    strbuf_add_text(b, "reasons: month, area, reason, perspective, group, persons\n");
    for (size_t i = 0; i < c->reason_count; i++) {
        const struct reason_cell *const x = &c->reason_list[i];

        add_dimensions(b, c, x->month, x->area, names_text(c->reasons, x->reason), x->perspective,
                       x->group);
        add_number(b, x->persons);
        strbuf_add_char(b, '\n');
    }
}

/* ---- cells for models: many, and counted again when they are wanted, so only their hash --------
 */

static void
add_field(struct strbuf *b, const char *text)
{
    strbuf_add_text(b, text);
    strbuf_add_char(b, '\t');
}

/* By name, as everywhere: numbers also depend on names that no cell has. */
static void
add_named(struct strbuf *b, const struct names *n, unsigned number)
{
    add_field(b, names_text(n, number));
}

static void
add_last(struct strbuf *b, int64_t value)
{
    add_number(b, value);
    strbuf_add_char(b, '\n');
}

static void
like_text(struct strbuf *b, const struct inputs *in)
{
    for (size_t i = 0; i < in->like_count; i++) {
        const struct like_cell *const x = &in->like[i];

        add_named(b, in->model_areas, x->area);
        add_named(b, in->cells->units, x->unit);
        add_named(b, in->dayparts, x->daypart);
        add_named(b, in->bases, x->basis);
        add_named(b, in->modes, x->mode);
        add_field(b, perspective_names[x->perspective]);
        add_named(b, in->cells->groups, x->group);
        for (unsigned s = 0; s + 1 < SUM_COUNT; s++) {
            add_number(b, x->sum[s]);
            strbuf_add_char(b, ' ');
        }
        add_last(b, x->sum[SUM_COUNT - 1]);
    }
}

static void
light_text(struct strbuf *b, const struct inputs *in)
{
    for (size_t i = 0; i < in->light_count; i++) {
        const struct light_cell *const x = &in->light[i];

        strbuf_printf(b, "%d\t%d\t%d\t", x->variant, x->minute, x->dark);
        add_named(b, in->model_areas, x->area);
        add_field(b, perspective_names[x->perspective]);
        add_named(b, in->cells->groups, x->group);
        add_last(b, x->n);
    }
    for (unsigned p = 0; p < PERSPECTIVES; p++)
        add_last(b, (int64_t)in->light_coarse[p]);
}

static void
both_text(struct strbuf *b, const struct inputs *in)
{
    for (size_t i = 0; i < in->both_count; i++) {
        add_named(b, in->cells->groups, in->both[i].after);
        add_named(b, in->cells->groups, in->both[i].self);
        add_last(b, in->both[i].n);
    }
}

static void
add_models(struct strbuf *b, const struct inputs *in, struct arena *a)
{
    const struct {
        const char *name;
        size_t count;
        void (*text)(struct strbuf *b, const struct inputs *in);
    } kinds[] = {{"like", in->like_count, like_text},
                 {"light", in->light_count, light_text},
                 {"both", in->both_count, both_text}};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct arena *const scratch = arena_child(a);
        struct strbuf *const text = strbuf_new(scratch, TEXT_CAP);
        uint8_t digest[DIGEST_BYTES];
        char hex[2 * DIGEST_BYTES + 1];

        kinds[i].text(text, in);
        sha256_of(text->data, text->length, digest);
        hex_of(digest, sizeof digest, hex);
        strbuf_printf(b, "%s: %zu cells, sha256 %s\n", kinds[i].name, kinds[i].count, hex);
        arena_free(scratch);
    }
}

static void
add_unit_months(struct strbuf *b, const struct inputs *in)
{
#define X(name) " " #name
    strbuf_add_text(b, "units: month, unit," UNIT_MONTH_COUNTS(X) "\n");
#undef X
    for (size_t i = 0; i < in->unit_month_count; i++) {
        const struct unit_month *const x = &in->unit_months[i];
        char text[8];

        month_text(month_of_index(in->cells->month - CELLS_MONTHS + 1 + (int)x->month), text);
        strbuf_add_text(b, text);
        strbuf_add_char(b, '\t');
        strbuf_add_text(b, names_text(in->cells->units, x->unit));
        strbuf_add_char(b, '\t');
        for (unsigned k = 0; k < UNIT_MONTH_COUNT; k++) {
            if (k)
                strbuf_add_char(b, ' ');
            add_number(b, x->count[k]);
        }
        strbuf_add_char(b, '\n');
    }
}

struct strbuf *
inputs_text(const struct inputs *in, struct arena *a)
{
    struct strbuf *const b = strbuf_new(a, TEXT_CAP);
    json_t *const root = json_own(a, json_object());

    json_object_set_new(root, "choices", choices_json(&in->choices));
    json_object_set_new(root, "city", json_pack("[s,s]", in->city_name, in->municipality));
    json_object_set_new(root, "sun",
                        in->has_sun ? json_pack("[f,f]", in->sun.latitude, in->sun.longitude)
                                    : json_null());
    json_object_set_new(root, "mixed_class", json_string(in->mixed_class ? in->mixed_class : ""));
    json_object_set_new(root, "ledger_hash", json_string(in->ledger_hash));
    add_reference(root, in);
    add_intake(root, in);
    add_earlier(root, in);
    add_not_covered(root, in);
    json_write(b, root, JSON_CANONICAL);
    add_cells(b, in->cells);
    add_models(b, in, a);
    add_unit_months(b, in);
    return b;
}
