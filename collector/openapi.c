/* SPDX-License-Identifier: EUPL-1.2 */
/* Paths from the table of routes, and the frame around them. */
#include "collector/openapi.h"
#include "collector/serve_internal.h"

#include <string.h>

enum { TEXT_MOST = 4 * 1024 * 1024 };
#define BASE "/v1"

/* Refusals that any call may give, by what the call is. */
enum when {
    ALWAYS,
    WITH_IDENTITY,
    WITH_BODY,
    WITH_FILE,
    WITH_CONFLICT,
    WITH_SOURCE,
    WITH_PARAMETER
};
static const struct {
    int status;
    enum when when;
    const char *about;
} refusals[] = {
    {400, ALWAYS, "The request or its content breaks rules"},
    {401, WITH_IDENTITY, "No valid identity"},
    {403, WITH_SOURCE, "Of another source system than the sender's"},
    {404, WITH_PARAMETER, "Not there, or not of this sender"},
    {408, ALWAYS, "Too slow"},
    {409, WITH_CONFLICT, "In conflict with what is stored"},
    {411, WITH_BODY, "The length of the body is not given"},
    {413, WITH_BODY, "The body is too large"},
    {415, WITH_BODY, "Not this kind of content"},
    {429, WITH_IDENTITY, "Too many requests; try again after Retry-After"},
    {503, ALWAYS, "Not now; try again after Retry-After"},
    {507, WITH_FILE, "There is no room for the body"},
};

static bool
applies(const struct service_route *r, enum when when)
{
    switch (when) {
    case WITH_IDENTITY:
        return !r->http.open;
    case WITH_BODY:
        return r->http.media != NULL;
    case WITH_FILE:
        return r->http.body_to_file;
    case WITH_CONFLICT:
        return r->conflicts;
    case WITH_SOURCE:
        return r->others;
    case WITH_PARAMETER:
        return strchr(r->http.path, '{') != NULL;
    default:
        return true;
    }
}

/* ---- parameters --------------------------------------------------------------------------------
 */

static const struct {
    const char *name, *about;
    bool number;
} parameters[] = {
    {"source", "Source system of the registration: the sender's own", false},
    {"recordNo", "Its record number in that system", false},
    {"id", "Identity of the batch", false},
    {"version", "Version of the code lists", false},
    {"name", "The sender's name for the file: letters, digits, dot, dash, underscore", false},
    {"records", "How many registrations were sent: another number is refused whole", true},
    {"sha256", "SHA-256 of what was sent, hexadecimal: another content is refused", false},
    {"afterLine", "Findings after this line", true},
    {"pageSize", "Most findings in the answer", true},
    {"from", "First month, yyyy-mm", false},
    {"until", "Last month, yyyy-mm", false},
    {"least", "Fewer stops than this are a gap", true},
};

static json_t *
parameter(struct span name, bool in_path)
{
    for (unsigned i = 0; i < sizeof parameters / sizeof *parameters; i++)
        if (span_is(name, parameters[i].name))
            return json_pack("{s:s, s:s, s:b, s:s, s:{s:s}}", "name", parameters[i].name, "in",
                             in_path ? "path" : "query", "required", in_path, "description",
                             parameters[i].about, "schema", "type",
                             parameters[i].number ? "integer" : "string");
    return NULL;
}

/* NULL when there are none; one that the table above does not know is left out, which the linter
 * sees as a path without its parameter. */
static json_t *
parameters_of(const struct http_route *r)
{
    json_t *const list = json_array();

    for (const char *at = strchr(r->path, '{'); at; at = strchr(at + 1, '{'))
        json_array_append_new(list, parameter((struct span){at + 1, strcspn(at + 1, "}")}, true));
    for (const char *at = r->query; at && *at; at += strcspn(at, " ") + (at[strcspn(at, " ")] != 0))
        json_array_append_new(list, parameter((struct span){at, strcspn(at, " ")}, false));
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    return NULL;
}

/* ---- answers -----------------------------------------------------------------------------------
 */

static json_t *
schema_of(struct arena *a, const char *name)
{
    return json_pack("{s:s}", "$ref", arena_printf(a, "#/components/schemas/%s", name));
}

static json_t *
version_header(void)
{
    return json_pack("{s:{s:s}}", "API-Version", "$ref", "#/components/headers/ApiVersion");
}

static json_t *
answers_of(struct arena *a, const struct service_route *r)
{
    json_t *const o = json_object();

    for (unsigned i = 0; i < ROUTE_ANSWERS_MOST && r->answers[i].status != 0; i++)
        json_object_set_new(o, arena_printf(a, "%d", r->answers[i].status),
                            json_pack("{s:s, s:o, s:{s:{s:o}}}", "description", r->answers[i].about,
                                      "headers", version_header(), "content", "application/json",
                                      "schema", schema_of(a, r->answers[i].schema)));
    for (unsigned i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (applies(r, refusals[i].when))
            json_object_set_new(
                o, arena_printf(a, "%d", refusals[i].status),
                json_pack("{s:s}", "$ref",
                          arena_printf(a, "#/components/responses/Problem%d", refusals[i].status)));
    return o;
}

static json_t *
refusal_components(void)
{
    json_t *const o = json_object();
    char name[32];

    for (unsigned i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        (void)snprintf(name, sizeof name, "Problem%d", refusals[i].status);
        json_object_set_new(o, name,
                            json_pack("{s:s, s:o, s:{s:{s:{s:s}}}}", "description",
                                      refusals[i].about, "headers", version_header(), "content",
                                      PROBLEM_MEDIA, "schema", "$ref",
                                      "#/components/schemas/Problem"));
    }
    return o;
}

/* ---- paths -------------------------------------------------------------------------------------
 */

static json_t *
body_of(struct arena *a, const struct service_route *r)
{
    json_t *const schema = r->schema ? schema_of(a, r->schema)
                                     : json_pack("{s:s, s:s}", "type", "string", "description",
                                                 "Registrations, one JSON object a line");

    return json_pack("{s:b, s:{s:{s:o}}}", "required", true, "content", r->http.media, "schema",
                     schema);
}

static json_t *
operation(struct arena *a, const struct service_route *r)
{
    json_t *const o =
        json_pack("{s:s, s:[s], s:s, s:s, s:o}", "operationId", r->operation, "tags", r->tag,
                  "summary", r->summary, "description", r->about, "responses", answers_of(a, r));
    json_t *const list = parameters_of(&r->http);

    if (list)
        json_object_set_new(o, "parameters", list);
    if (r->http.media)
        json_object_set_new(o, "requestBody", body_of(a, r));
    if (r->http.open)
        json_object_set_new(o, "security", json_array());
    return o;
}

static const char *
small(struct arena *a, const char *method)
{
    char *const text = arena_strdup(a, method);

    for (char *c = text; *c; c++)
        *c = (char)(*c | 0x20);
    return text;
}

static json_t *
paths(struct arena *a)
{
    json_t *const o = json_object();

    for (unsigned i = 0; i < service_route_count; i++) {
        const struct service_route *const r = &service_routes[i];

        if (!r->operation)
            continue;

        const char *const path = r->http.path + sizeof BASE - 1;

        if (!json_object_get(o, path))
            json_object_set_new(o, path, json_object());
        json_object_set_new(json_object_get(o, path), small(a, r->http.method), operation(a, r));
    }
    return o;
}

/* ---- the frame ---------------------------------------------------------------------------------
 */

static json_t *
info(void)
{
    return json_pack(
        "{s:s, s:s, s:s, s:{s:s, s:s, s:s}, s:{s:s, s:s}}", "title", "Maatstaf collector",
        "version", API_VERSION, "description",
        "Registrations of police stops are handed over here. An answer in the 200s is given only "
        "when what was sent is durable. Who sends is known by a bearer token or a client "
        "certificate, each for one source system. Refusals are RFC 9457 documents with every rule "
        "that was broken, in Dutch and English. No answer holds anything of what was sent.",
        "contact", "name", "Maatstaf", "email", "maatstaf@example.org", "url",
        "https://example.org/maatstaf", "license", "name", "EUPL-1.2", "url",
        "https://eupl.eu/1.2/en/");
}

static json_t *
tags(void)
{
    return json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "name",
                     "stops", "description", "Single registrations", "name", "batches",
                     "description", "Files of registrations", "name", "counts", "description",
                     "Counts that come beside registrations", "name", "reference", "description",
                     "What a sender needs to know", "name", "service", "description",
                     "How the service is");
}

static json_t *
components(json_t *schemas)
{
    return json_pack("{s:O, s:o, s:{s:{s:s, s:{s:s}}}, s:{s:{s:s, s:s, s:s}}}", "schemas", schemas,
                     "responses", refusal_components(), "headers", "ApiVersion", "description",
                     "Full version of the interface", "schema", "type", "string", "securitySchemes",
                     "token", "type", "http", "scheme", "bearer", "description",
                     "A token of the installation; a known client certificate stands for one too");
}

bool
openapi_text(struct arena *a, struct span *out, struct err *e)
{
    struct strbuf *const text = strbuf_new(a, TEXT_MOST);
    struct arena *const scratch = arena_child(a);
    json_t *const schemas = openapi_schemas(scratch, e);

    if (!schemas)
        return false;

    json_t *const root =
        json_own(scratch, json_pack("{s:s, s:o, s:[{s:s, s:s}], s:[{s:[]}], s:o, s:o, s:o}",
                                    "openapi", "3.0.3", "info", info(), "servers", "url",
                                    "https://collector.example.org" BASE, "description",
                                    "The address of the installation takes its place", "security",
                                    "token", "tags", tags(), "paths", paths(scratch), "components",
                                    components(schemas)));

    json_write(text, root, JSON_PRETTY);
    strbuf_add_char(text, '\n');
    arena_free(scratch);
    if (!root || text->overflow)
        return err_set(e, ERR_INTERNAL, "the description of the interface cannot be made");
    *out = (struct span){text->data, text->length};
    return true;
}
