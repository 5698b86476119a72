/* SPDX-License-Identifier: EUPL-1.2 */
/* The schemas: of a registration from the field tables, of the rest from forms and answers. */
#include "collector/codes.h"
#include "collector/form.h"
#include "collector/openapi.h"
#include "collector/problem.h"
#include "collector/record.h"
#include "collector/report.h"

#include <string.h>

/* ---- a field ----------------------------------------------------------------------------------
 */

static json_t *
code_names(const struct installation *in, const char *list)
{
    const struct code_list *const codes = code_list_find(in, list);
    json_t *const names = json_array();

    for (unsigned i = 0; codes && i < codes->count; i++) {
        const size_t n = json_array_size(names);
        const char *const last = n > 0 ? json_string_value(json_array_get(names, n - 1)) : "";

        if (strcmp(last, codes->codes[i].code) != 0) /* another period of the same code */
            json_array_append_new(names, json_string(codes->codes[i].code));
    }
    return names;
}

static json_t *
code_schema(const struct installation *in, const struct field *f)
{
    return json_pack("{s:s, s:o, s:s}", "type", "string", "enum", code_names(in, f->list),
                     "x-code-list", f->list);
}

static json_t *
codes_schema(const struct installation *in, const struct field *f)
{
    return json_pack("{s:s, s:o, s:I, s:I, s:b}", "type", "array", "items", code_schema(in, f),
                     "minItems", (json_int_t)f->least, "maxItems", (json_int_t)f->most,
                     "uniqueItems", true);
}

static json_t *
text_schema(const struct installation *in, const struct field *f)
{
    (void)in;
    return json_pack("{s:s, s:I, s:I}", "type", "string", "minLength", (json_int_t)f->least,
                     "maxLength", (json_int_t)f->most);
}

static json_t *
int_schema(const struct installation *in, const struct field *f)
{
    (void)in;
    return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)f->least,
                     "maximum", (json_int_t)f->most);
}

static json_t *
bool_schema(const struct installation *in, const struct field *f)
{
    (void)in;
    (void)f;
    return json_pack("{s:s}", "type", "boolean");
}

static json_t *
time_schema(const struct installation *in, const struct field *f)
{
    (void)in;
    (void)f;
    return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
}

static json_t *(*const field_schemas[])(const struct installation *, const struct field *) = {
    [FIELD_CODE] = code_schema, [FIELD_CODES] = codes_schema, [FIELD_TEXT] = text_schema,
    [FIELD_INT] = int_schema,   [FIELD_BOOL] = bool_schema,   [FIELD_TIME] = time_schema,
};

/* ---- objects ----------------------------------------------------------------------------------
 */

static json_t *
object_new(const char *about)
{
    return json_pack("{s:s, s:s, s:{}, s:b}", "type", "object", "description", about, "properties",
                     "additionalProperties", false);
}

/* A required list must not be empty, so it is made when it gets its first. */
static void
require(json_t *object, const char *name)
{
    if (!json_object_get(object, "required"))
        json_object_set_new(object, "required", json_array());
    json_array_append_new(json_object_get(object, "required"), json_string(name));
}

static void
add(json_t *object, const char *name, json_t *schema, bool required)
{
    json_object_set_new(json_object_get(object, "properties"), name, schema);
    if (required)
        require(object, name);
}

static json_t *
reference(const char *schema)
{
    char text[120];

    (void)snprintf(text, sizeof text, "#/components/schemas/%s", schema);
    return json_pack("{s:s}", "$ref", text);
}

static json_t *
list_of(const char *schema)
{
    return json_pack("{s:s, s:o}", "type", "array", "items", reference(schema));
}

/* Received fields of the part whose object is `in_object`, from the first to before the last. */
static void
add_fields(json_t *object, const struct installation *in, enum part part, const char *in_object,
           unsigned first, unsigned last, bool required)
{
    for (unsigned i = first; i < last; i++) {
        const struct field *const f = &part_fields[part].fields[i];

        if (strcmp(f->object, in_object) == 0)
            add(object, f->name, field_schemas[f->type](in, f), required && f->need == NEED_M);
    }
}

static void
add_part(json_t *object, const struct installation *in, enum part part, const char *in_object)
{
    add_fields(object, in, part, in_object, 0, part_fields[part].count, true);
}

/* ---- a registration ---------------------------------------------------------------------------
 */

static json_t *
registration(const struct installation *in)
{
    json_t *const o = object_new("One registration of a stop, with all persons who were stopped");

    add_fields(o, in, PART_STOP, "", 0, STOP_started_at, true);
    add(o, "stop", reference("Stop"), true);
    add(o, "persons", list_of("Person"), true);
    return o;
}

static json_t *
withdrawal(const struct installation *in)
{
    json_t *const o = object_new("The envelope of a registration that is withdrawn");
    json_t *const stop = object_new("Of the stop only its start, by which it is found");

    add_fields(o, in, PART_STOP, "", 0, STOP_started_at, true);
    add_fields(stop, in, PART_STOP, "", STOP_started_at, STOP_started_at + 1, true);
    add(o, "stop", stop, true);
    require(o, "withdrawal_reason");
    return o;
}

static json_t *
stop(const struct installation *in)
{
    json_t *const o = object_new("The stop as an event");

    add_fields(o, in, PART_STOP, "", STOP_started_at, part_fields[PART_STOP].count, true);
    add_part(o, in, PART_OFFICER, "");
    return o;
}

static json_t *
outcome(void)
{
    json_t *const o = object_new("What was done, found and decided, in order");

    add(o, "actions", list_of("Action"), true);
    add(o, "finds", list_of("Find"), false);
    add(o, "results", list_of("Result"), true);
    return o;
}

static json_t *
person(const struct installation *in)
{
    static const char *const objects[][2] = {
        {"selection", "Why this person: behaviour, facts, circumstances"},
        {"explanation", "What the person was told"},
        {"treatment", "How the person was treated"},
        {"reflection", "What the officers made of it afterwards"},
    };
    json_t *const o = object_new("A person who was stopped: the unit of analysis");

    add(o, "person_seq",
        json_pack("{s:s, s:i, s:i}", "type", "integer", "minimum", 1, "maximum", 10000), true);
    add_part(o, in, PART_PERSON, "");
    add_part(o, in, PART_TRAIT, "");
    for (unsigned i = 0; i < sizeof objects / sizeof *objects; i++) {
        json_t *const inner = object_new(objects[i][1]);

        add_part(inner, in, PART_PERSON, objects[i][0]);
        add_part(inner, in, PART_TEXT, objects[i][0]);
        add(o, objects[i][0], inner, json_object_get(inner, "required") != NULL);
    }
    add(o, "group", list_of("Group"), false);
    add(o, "outcome", reference("Outcome"), true);
    return o;
}

static json_t *
rows_of(const struct installation *in, enum part part, const char *object, const char *about)
{
    json_t *const o = object_new(about);

    add_part(o, in, part, object);
    return o;
}

static void
add_registration(json_t *s, const struct installation *in)
{
    json_object_set_new(s, "Registration", registration(in));
    json_object_set_new(s, "Withdrawal", withdrawal(in));
    json_object_set_new(s, "Stop", stop(in));
    json_object_set_new(s, "Person", person(in));
    json_object_set_new(s, "Outcome", outcome());
    json_object_set_new(s, "Action", rows_of(in, PART_ACTION, "actions", "What was done"));
    json_object_set_new(s, "Find", rows_of(in, PART_FIND, "finds", "What was found"));
    json_object_set_new(s, "Result", rows_of(in, PART_RESULT, "results", "What was decided"));
    json_object_set_new(s, "Group",
                        rows_of(in, PART_GROUP, "group",
                                "Perceived group from one perspective; only while a "
                                "decision of the city allows it"));
}

/* ---- small documents --------------------------------------------------------------------------
 */

static json_t *
form_field_schema(const struct form_field *f)
{
    static const char *const types[] = {
        [FORM_TEXT] = "string",  [FORM_COUNT] = "integer", [FORM_DATE] = "string",
        [FORM_MONTH] = "string", [FORM_CHOICE] = "string",
    };
    json_t *const o = json_pack("{s:s, s:s}", "type", types[f->type], "description", f->about);

    if (f->type == FORM_TEXT)
        json_object_update_new(
            o, json_pack("{s:i, s:I}", "minLength", 1, "maxLength", (json_int_t)f->most));
    if (f->type == FORM_COUNT)
        json_object_update_new(
            o, json_pack("{s:i, s:I}", "minimum", 0, "maximum", (json_int_t)f->most));
    if (f->type == FORM_DATE)
        json_object_set_new(o, "format", json_string("date"));
    if (f->type == FORM_MONTH)
        json_object_set_new(o, "pattern", json_string("^[0-9]{4}-(0[1-9]|1[0-2])$"));
    if (f->type == FORM_CHOICE) {
        json_t *const list = json_array();

        for (const char *at = f->choices; *at; at += strcspn(at, "|") + (at[strcspn(at, "|")] != 0))
            json_array_append_new(list, json_stringn(at, strcspn(at, "|")));
        json_object_set_new(o, "enum", list);
    }
    return o;
}

static void
add_form(json_t *s, const struct form *form, const char *about)
{
    json_t *const row = object_new("One count"), *const all = object_new(about);

    for (unsigned i = 0; i < form->count; i++)
        add(row, form->fields[i].name, form_field_schema(&form->fields[i]),
            form->fields[i].required);

    json_t *const list = list_of(form->row_schema);

    json_object_set_new(list, "minItems", json_integer(1));
    json_object_set_new(list, "maxItems", json_integer(form->rows_most));
    add(all, form->list, list, true);
    json_object_set_new(s, form->row_schema, row);
    json_object_set_new(s, form->schema, all);
}

/* ---- answers ----------------------------------------------------------------------------------
 */

/* Members of an answer: type "string", "integer", "date-time", "uuid", "[Schema" or "Schema". */
struct member {
    const char *name, *type;
    bool always;
    const char *about;
};

static json_t *
member_schema(const struct member *m)
{
    const bool format = strcmp(m->type, "date-time") == 0 || strcmp(m->type, "uuid") == 0 ||
                        strcmp(m->type, "uri-reference") == 0 || strcmp(m->type, "date") == 0;
    json_t *o;

    if (m->type[0] == '[')
        o = list_of(m->type + 1);
    else if (m->type[0] >= 'A' && m->type[0] <= 'Z')
        return reference(m->type);
    else
        o = json_pack("{s:s}", "type", format ? "string" : m->type);
    if (format)
        json_object_set_new(o, "format", json_string(m->type));
    json_object_set_new(o, "description", json_string(m->about));
    return o;
}

static const struct answer {
    const char *schema, *about;
    struct member members[14];
} answers[] = {
    {"Taken",
     "What became of a registration",
     {{"result", "string", true, "stored, held, quarantined or spooled"},
      {"stop_id", "uuid", false, "Identity of the registration, the same everywhere"},
      {"ledger_entry", "integer", false, "Entry of the ledger that covers it"},
      {"batch_id", "integer", false, "The batch that brought it"},
      {"status_url", "uri-reference", false, "Where to ask what became of it"},
      {"violations", "[Violation", false, "What the rules say of it"}}},
    {"StopStatus",
     "What is known of a registration",
     {{"status", "string", true, "stored, quarantined, spooled or unknown"},
      {"stop_id", "uuid", true, "Identity of the registration"},
      {"source_version", "integer", false, "Version that holds"},
      {"tx_type", "string", false, "Kind of that version: I, U, N or W"},
      {"batch_id", "integer", false, "The batch that brought it"},
      {"ledger_entry", "integer", false, "Entry of the ledger that covers it"}}},
    {"Batch",
     "An upload and what became of it",
     {{"id", "uuid", true, "Identity of the batch"},
      {"name", "string", true, "Name that the sender gave, or empty"},
      {"received_at", "date-time", true, "When it was safe here"},
      {"sha256", "string", true, "SHA-256 of what came in, hexadecimal"},
      {"status", "string", true, "received, stored, refused or failed"},
      {"reason", "string", false, "Why it failed"},
      {"batch", "BatchReport", false, "The report, once it was taken in"},
      {"records", "[RecordFinding", false, "What kept records out, by line"}}},
    {"BatchReport", "The report of a batch, as maatstaf collector import gives it", {{0}}},
    {"RecordFinding",
     "What a rule says of one line",
     {{"line", "integer", true, "Line in the file, from 1"},
      {"code", "string", true, "Rule"},
      {"severity", "string", false, "F, R, E, W or I"},
      {"pointer", "string", true, "JSON pointer into the registration"},
      {"person_seq", "integer", false, "The person that it is about"},
      {"message_nl", "string", false, "Dutch text"},
      {"message_en", "string", false, "English text"},
      {"rule_version", "string", false, "Version of the rules that brought it"}}},
    {"Counted",
     "What became of counts",
     {{"result", "string", true, "stored or held"},
      {"sha256", "string", true, "SHA-256 of their canonical form, hexadecimal"}}},
    {"CodeSet",
     "Code lists",
     {{"version", "string", true, "Version of the lists"},
      {"lists", "CodeLists", true, "Lists by name"}}},
    {"Code",
     "A code with the days on which it may be used",
     {{"code", "string", true, "The code as it travels"},
      {"label_nl", "string", true, "Dutch label"},
      {"label_en", "string", true, "English label"},
      {"valid_from", "date", true, "First day"},
      {"valid_to", "date", false, "Last day; left out: no end"}}},
    {"Gaps",
     "Months and units with few registrations or none",
     {{"least", "integer", true, "Fewer than this is a gap"},
      {"gaps", "[Gap", true, "In the order of months"}}},
    {"Gap",
     "A month of a unit",
     {{"month", "string", true, "Month, yyyy-mm"},
      {"unit_code", "string", true, "Unit"},
      {"stops", "integer", true, "Stops that are held"}}},
    {"Health",
     "How the service is",
     {{"status", "string", true, "pass, or warn when the database is away"}}},
    {"Description", "An OpenAPI document", {{0}}},
    {"Violation",
     "What a rule says",
     {{"code", "string", true, "Rule"},
      {"severity", "string", true,
       "F file or message refused, R record refused, E set apart, W warning, I information"},
      {"pointer", "string", true, "JSON pointer to the place; empty: the whole"},
      {"person_seq", "integer", false, "The person that it is about"},
      {"reason", "string", false, "Which cause of the rule it is"},
      {"message_nl", "string", true, "Dutch text"},
      {"message_en", "string", true, "English text"},
      {"rule_version", "string", true, "Version of the rules that brought it"}}},
    {"Problem",
     "A refusal (RFC 9457)",
     {{"type", "string", true, "What kind of problem it is"},
      {"status", "integer", true, "Status of the answer"},
      {"title", "string", true, "English title"},
      {"title_nl", "string", true, "Dutch title"},
      {"detail", "string", true, "English text"},
      {"detail_nl", "string", true, "Dutch text"},
      {"violations", "[Violation", false, "Every rule that was broken"}}},
};

static void
add_answers(json_t *s)
{
    for (unsigned i = 0; i < sizeof answers / sizeof *answers; i++) {
        json_t *const o = object_new(answers[i].about);

        for (const struct member *m = answers[i].members; m->name; m++)
            add(o, m->name, member_schema(m), m->always);
        json_object_set_new(o, "additionalProperties", json_true());
        json_object_set_new(s, answers[i].schema, o);
    }
    json_object_set_new(s, "CodeLists",
                        json_pack("{s:s, s:s, s:o}", "type", "object", "description",
                                  "Codes by the name of their list", "additionalProperties",
                                  list_of("Code")));
}

/* ---- what is a table elsewhere ----------------------------------------------------------------
 */

static void
add_rules(json_t *s)
{
    json_t *const list = json_array(), *const kinds = json_array();
    json_t *const violation = json_object_get(s, "Violation");
    json_t *const type =
        json_object_get(json_object_get(json_object_get(s, "Problem"), "properties"), "type");
    char text[120];

    for (unsigned i = 0; i < RULE_COUNT; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", rules[i].code,
                                              "severity", severity_letter(rules[i].severity),
                                              "message_nl", rules[i].nl, "message_en", rules[i].en,
                                              "since", rules[i].since));
    json_object_set_new(violation, "x-rules", list);
    for (unsigned i = 0; i < problem_kind_count; i++) {
        (void)snprintf(text, sizeof text, "urn:maatstaf:problem:%s", problem_kinds[i].code);
        json_array_append_new(kinds, json_string(text));
    }
    json_object_set_new(type, "enum", kinds);
}

json_t *
openapi_schemas(struct arena *a, struct err *e)
{
    const struct installation *const in = installation_embedded(a, e);
    json_t *const s = json_own(a, json_object());

    if (!in)
        return NULL;
    add_registration(s, in);
    add_form(s, &form_control_totals, "Counts that registrations are held against");
    add_form(s, &form_aggregates, "Counts by group that were computed elsewhere");
    add_answers(s);
    add_rules(s);
    return s;
}
