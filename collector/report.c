/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tallies while a batch is read, and their two printed forms. What is printed comes from the rules'
 * table and from the tallies alone.
 */
#include "collector/report.h"

#include <inttypes.h>
#include <string.h>

/* ---- counting -------------------------------------------------------------------------------- */

struct report *
report_new(struct arena *a, const char *file)
{
    struct report *const r = arena_alloc(a, sizeof *r);

    r->arena = a;
    r->file = arena_strdup(a, file);
    return r;
}

static struct field_count *
find_field(struct tally *t, const char *field)
{
    for (unsigned i = 0; i < t->field_count; i++)
        if (strcmp(t->fields[i].field, field) == 0)
            return &t->fields[i];
    return NULL;
}

static void
count_field(struct report *r, struct tally *t, const char *field, uint64_t times)
{
    if (!t->fields)
        t->fields = arena_array(r->arena, TALLY_FIELDS_MOST, sizeof *t->fields);
    struct field_count *f = find_field(t, field);

    if (!f && t->field_count >= TALLY_FIELDS_MOST - 1) {
        field = "";
        f = find_field(t, field);
    }
    if (!f) {
        f = &t->fields[t->field_count++];
        f->field = arena_strdup(r->arena, field);
    }
    f->count += times;
}

/* Some rules speak of a line when later ones have been judged: the first lines are kept, in order.
 */
static void
keep_example(struct report *r, struct tally *t, const struct finding *f, uint64_t line)
{
    unsigned at = t->example_count;

    while (at > 0 && t->examples[at - 1].line > line)
        at--;
    if (at == EXAMPLES_MOST)
        return;
    t->example_count += t->example_count < EXAMPLES_MOST;
    memmove(&t->examples[at + 1], &t->examples[at],
            (t->example_count - at - 1) * sizeof *t->examples);
    t->examples[at] = (struct example){
        .line = line,
        .field = arena_strdup(r->arena, finding_pointer(r->arena, f)),
        .reason = f->reason ? arena_strdup(r->arena, f->reason) : NULL,
        .person_seq = f->person_seq,
    };
}

void
report_note(struct report *r, const struct finding *f, uint64_t line, uint64_t times)
{
    struct tally *const t = &r->tallies[f->rule];

    count_field(r, t, f->field ? f->field : "", times);
    t->count += times;
    if (line > 0 || (f->field && f->field[0]))
        keep_example(r, t, f, line);
}

void
report_refuse(struct report *r, enum rule_id rule, uint64_t line, const char *reason)
{
    report_note(r, &(struct finding){.rule = rule, .field = ""}, line, 1);
    r->status = BATCH_REFUSED;
    r->reason = arena_strdup(r->arena, reason);
    r->refused = r->received;
    r->accepted = r->duplicate = r->quarantined = 0;
    r->ledger_entry = 0;
}

bool
report_balances(const struct report *r)
{
    return r->received == r->accepted + r->duplicate + r->quarantined + r->refused;
}

int
report_exit_status(const struct report *r)
{
    if (r->status == BATCH_FAILED)
        return 1;
    return r->status == BATCH_REFUSED || r->quarantined > 0 || r->refused > 0 ? 3 : 0;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

const char *
severity_letter(enum severity severity)
{
    static const char *const letters[] = {
        [SEVERITY_FATAL] = "F",   [SEVERITY_REFUSE] = "R", [SEVERITY_ERROR] = "E",
        [SEVERITY_WARNING] = "W", [SEVERITY_INFO] = "I",   [SEVERITY_CROSS] = "X",
    };

    return letters[severity];
}

static const char *
status_name(enum batch_status status)
{
    static const char *const names[] = {
        [BATCH_FAILED] = "failed",   [BATCH_STORED] = "stored",   [BATCH_REFUSED] = "refused",
        [BATCH_DRY_RUN] = "dry-run", [BATCH_HELD] = "still held",
    };

    return names[status];
}

static json_t *
count_json(uint64_t count)
{
    return json_integer((json_int_t)count);
}

/* NULL where there is nothing to say. Text here is ours or was validated; anything else is null. */
static json_t *
text_json(const char *text)
{
    json_t *const j = text ? json_string(text) : NULL;

    return j ? j : json_null();
}

static json_t *
examples_json(const struct tally *t)
{
    json_t *const list = json_array();

    for (unsigned i = 0; i < t->example_count; i++) {
        json_t *const example = json_object();

        if (t->examples[i].line > 0)
            json_object_set_new(example, "line", count_json(t->examples[i].line));
        json_object_set_new(example, "field", text_json(t->examples[i].field));
        if (t->examples[i].reason)
            json_object_set_new(example, "reason", text_json(t->examples[i].reason));
        if (t->examples[i].person_seq > 0)
            json_object_set_new(example, "person_seq", json_integer(t->examples[i].person_seq));
        json_array_append_new(list, example);
    }
    return list;
}

static json_t *
messages_json(const struct report *r)
{
    json_t *const list = json_array();

    for (unsigned i = 0; i < RULE_COUNT; i++) {
        const struct tally *const t = &r->tallies[i];

        if (t->count == 0)
            continue;

        json_t *const message = json_object();

        json_object_set_new(message, "code", json_string(rules[i].code));
        json_object_set_new(message, "severity", json_string(severity_letter(rules[i].severity)));
        json_object_set_new(message, "count", count_json(t->count));
        json_object_set_new(message, "examples", examples_json(t));
        json_object_set_new(message, "message_nl", json_string(rules[i].nl));
        json_object_set_new(message, "message_en", json_string(rules[i].en));
        json_object_set_new(message, "rule_version", json_string(rules[i].since));
        json_array_append_new(list, message);
    }
    return list;
}

static json_t *
not_applicable_json(const struct report *r)
{
    json_t *const list = json_array();

    for (unsigned i = 0; r->not_applicable && i < RULE_COUNT; i++) {
        if (r->not_applicable[i] == 0)
            continue;

        json_t *const rule = json_object();

        json_object_set_new(rule, "code", json_string(rules[i].code));
        json_object_set_new(rule, "count", count_json(r->not_applicable[i]));
        json_array_append_new(list, rule);
    }
    return list;
}

/* ---- what the source does not cover ---------------------------------------------------------- */

struct section { /* one group of fields and whether each is covered */
    const struct field *fields;
    const bool *covered;
    unsigned count;
};

static void
add_not_covered(json_t *list, const struct section *section)
{
    for (unsigned i = 0; i < section->count; i++) {
        const struct field *const f = &section->fields[i];

        if (!section->covered[i] && f->pointer && f->need != NEED_D)
            json_array_append_new(list, json_string(f->pointer));
    }
}

static json_t *
not_covered_json(const struct report *r)
{
    json_t *const list = json_array();
    const struct coverage *const c = r->coverage;

    if (!c)
        return list;

    const struct section parts[] = {
        {stop_fields, c->stop, STOP_RECEIVED},       {person_fields, c->person, PERSON_RECEIVED},
        {text_fields, c->text, TEXT_COUNT},          {trait_fields, c->trait, TRAIT_COUNT},
        {group_fields, c->group, GROUP_RECEIVED},    {action_fields, c->action, ACTION_COUNT},
        {find_fields, c->find, FIND_COUNT},          {result_fields, c->result, RESULT_COUNT},
        {officer_fields, c->officer, OFFICER_COUNT},
    };

    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
        add_not_covered(list, &parts[i]);
    return list;
}

json_t *
report_json(const struct report *r, struct arena *a)
{
    json_t *const batch = json_own(a, json_object());
    char sha256[2 * DIGEST_BYTES + 1];

    json_object_set_new(batch, "unit", text_json(r->unit));
    json_object_set_new(batch, "received", count_json(r->received));
    json_object_set_new(batch, "accepted", count_json(r->accepted));
    json_object_set_new(batch, "duplicate", count_json(r->duplicate));
    json_object_set_new(batch, "quarantined", count_json(r->quarantined));
    json_object_set_new(batch, "refused", count_json(r->refused));
    json_object_set_new(batch, "messages", messages_json(r));
    json_object_set_new(batch, "not_applicable", not_applicable_json(r));
    json_object_set_new(batch, "not_covered", not_covered_json(r));
    json_object_set_new(batch, "profile", text_json(r->profile));
    json_object_set_new(batch, "area_set", text_json(r->area_set));
    json_object_set_new(batch, "file", text_json(r->file));
    hex_of(r->sha256, sizeof r->sha256, sha256);
    json_object_set_new(batch, "sha256", text_json(r->has_sha256 ? sha256 : NULL));
    json_object_set_new(batch, "status", json_string(status_name(r->status)));
    json_object_set_new(batch, "reason", text_json(r->reason));
    json_object_set_new(batch, "batch_id",
                        r->batch_id ? json_integer((json_int_t)r->batch_id) : json_null());
    json_object_set_new(batch, "ledger_entry",
                        r->ledger_entry ? json_integer((json_int_t)r->ledger_entry) : json_null());
    return batch;
}

/* ---- text ------------------------------------------------------------------------------------ */

/* 1234567 as "1,234,567". */
static const char *
thousands(uint64_t number, char out[32])
{
    char digits[24];
    unsigned length = 0, at = 31;

    out[at] = '\0';
    do {
        digits[length++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    for (unsigned i = 0; i < length; i++) {
        if (i > 0 && i % 3 == 0)
            out[--at] = ',';
        out[--at] = digits[i];
    }
    return out + at;
}

static void
add_head(const struct report *r, struct strbuf *out)
{
    char sha256[2 * DIGEST_BYTES + 1];

    strbuf_printf(out, "%s: %s", r->file, status_name(r->status));
    if (r->batch_id)
        strbuf_printf(out, ", batch %" PRId64, r->batch_id);
    if (r->ledger_entry)
        strbuf_printf(out, ", ledger entry %" PRId64, r->ledger_entry);
    strbuf_add_char(out, '\n');
    if (r->reason)
        strbuf_printf(out, "  reason      %s\n", r->reason);
    hex_of(r->sha256, sizeof r->sha256, sha256);
    if (r->has_sha256)
        strbuf_printf(out, "  SHA-256     %s\n", sha256);
    strbuf_printf(out, "  profile     %s\n", r->profile ? r->profile : "(canonical)");
}

static void
add_counts(const struct report *r, struct strbuf *out)
{
    const struct {
        const char *name;
        uint64_t count;
    } counts[] = {
        {"received", r->received},       {"accepted", r->accepted}, {"duplicate", r->duplicate},
        {"quarantined", r->quarantined}, {"refused", r->refused},
    };
    char text[32];

    for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++)
        strbuf_printf(out, "  %-11s %15s%s%s\n", counts[i].name, thousands(counts[i].count, text),
                      i == 0 && r->unit ? "  " : "", i == 0 && r->unit ? r->unit : "");
}

/* The sentence in what is left of 100 columns after `used`; the next lines are indented as far. */
static void
add_wrapped(struct strbuf *out, const char *text, unsigned used)
{
    const unsigned width = 100 - used;

    while (strlen(text) > width) {
        unsigned cut = width;

        while (cut > 0 && text[cut] != ' ')
            cut--;
        if (cut == 0)
            cut = width;
        strbuf_printf(out, "%.*s\n%*s", (int)cut, text, (int)used, "");
        text += cut + (text[cut] == ' ' ? 1 : 0);
    }
    strbuf_printf(out, "%s\n", text);
}

static void
add_messages(const struct report *r, struct strbuf *out)
{
    char text[32];

    for (unsigned i = 0; i < RULE_COUNT; i++) {
        const struct tally *const t = &r->tallies[i];

        if (t->count == 0)
            continue;
        strbuf_printf(out, "  %-4s %12s  ", rules[i].code, thousands(t->count, text));
        add_wrapped(out, rules[i].en, 21);
        if (rules[i].severity == SEVERITY_INFO || t->example_count == 0)
            continue;

        const struct example *const first = &t->examples[0];

        strbuf_printf(out, "%21sfirst: ", "");
        if (first->line > 0)
            strbuf_printf(out, "line %" PRIu64 "%s", first->line, first->field[0] ? ", " : "");
        strbuf_printf(out, "%.60s%s%s\n", first->field, first->reason ? ": " : "",
                      first->reason ? first->reason : "");
    }
}

/* A code by itself did not apply to any row; else how many records it did not apply to. */
static void
add_not_applicable(const struct report *r, struct strbuf *out)
{
    size_t used = 0;
    char text[32];

    for (unsigned i = 0; r->not_applicable && i < RULE_COUNT; i++) {
        const uint64_t count = r->not_applicable[i];
        const bool some = count < r->received;

        if (count == 0)
            continue;
        if (used == 0)
            strbuf_add_text(out, "  rules that do not apply to what this source covers "
                                 "(to so many of its records):");
        if (used == 0 || used > 80) {
            strbuf_add_text(out, "\n   ");
            used = 3;
        }

        const size_t before = out->length;

        strbuf_printf(out, " %s%s%s%s", rules[i].code, some ? " (" : "",
                      some ? thousands(count, text) : "", some ? ")" : "");
        used += out->length - before;
    }
    if (used > 0)
        strbuf_add_char(out, '\n');
}

void
report_text(const struct report *r, struct strbuf *out)
{
    add_head(r, out);
    add_counts(r, out);
    add_messages(r, out);
    add_not_applicable(r, out);
}
