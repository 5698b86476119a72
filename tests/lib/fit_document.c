/* SPDX-License-Identifier: EUPL-1.2 */
/* The rules of all documents are checked figure by figure, so that a fault names the figure. */
#include "tests/lib/fit_document.h"

#include "analyzer/fit/fit_model.h"

#include <string.h>

enum { TEXT_BYTES = 1 << 20 };

const char *
fit_document_text(struct arena *a, const char *model, const char *csv,
                  const struct fit_options *options, struct err *e)
{
    char *const text = arena_alloc(a, TEXT_BYTES);
    FILE *const in = csv[0] ? fmemopen(arena_strdup(a, csv), strlen(csv), "r") : tmpfile();
    FILE *const out = fmemopen(text, TEXT_BYTES, "w");
    const bool done = fit_run(a, model, in, options, out, e);

    fclose(in);
    fclose(out);
    return done ? text : NULL;
}

static const struct fit_model *
model_named(const char *name)
{
    for (size_t i = 0; fit_model_at(i); i++)
        if (strcmp(fit_model_at(i)->name, name) == 0)
            return fit_model_at(i);
    ck_abort_msg("no model %s", name);
    return NULL;
}

/* Is `method` one of "exact, mid-p"? */
static bool
is_listed(const char *methods, const char *method)
{
    const size_t length = strlen(method);

    for (const char *at = methods; *at; at += strcspn(at, ","), at += strspn(at, ", "))
        if (strcspn(at, ",") == length && memcmp(at, method, length) == 0)
            return true;
    return length == 0 && methods[0] == '\0';
}

static bool
is_declared(const struct fit_model *model, const char *name, const char *method)
{
    for (size_t i = 0; i < model->figure_count; i++)
        if (strcmp(model->figures[i].name, name) == 0 &&
            is_listed(model->figures[i].methods, method))
            return true;
    return false;
}

static const char *
text_of(const json_t *figure, const char *key)
{
    const char *const text = json_string_value(json_object_get(figure, key));

    return text ? text : "";
}

static void
check_figure(const struct fit_model *model, json_t *figure)
{
    const char *const name = text_of(figure, "name");
    const char *const method = text_of(figure, "method");
    const char *key;
    json_t *value;

    ck_assert_msg(is_declared(model, name, method), "%s (%s) is not declared by model %s", name,
                  method, model->name);
    json_object_foreach(figure, key, value)
    {
        ck_assert_msg(!json_is_null(value) || text_of(figure, "note")[0],
                      "%s (%s): %s is null without a note", name, method, key);
    }
}

const json_t *
fit_document(struct arena *a, const char *model, const char *csv, const struct fit_options *options)
{
    struct err e = {0};
    const char *const text = fit_document_text(a, model, csv, options, &e);

    ck_assert_msg(text != NULL, "%s", e.text);

    const json_t *const document = json_parse(a, span_of(text), 0, &e);

    ck_assert_msg(document != NULL, "%s", e.text);
    ck_assert_str_eq(text_of(document, "model"), model);

    const json_t *const list = json_object_get(document, "figures");

    ck_assert_uint_gt(json_array_size(list), 0);
    for (size_t i = 0; i < json_array_size(list); i++)
        check_figure(model_named(model), json_array_get(list, i));
    return document;
}

static bool
has(const json_t *figure, const char *key, const char *wanted)
{
    const char *const text = json_string_value(json_object_get(figure, key));

    return wanted ? text && strcmp(text, wanted) == 0 : !text;
}

const json_t *
fit_document_figure(const json_t *document, const char *name, const char *method, const char *place,
                    const char *group)
{
    const json_t *const list = json_object_get(document, "figures");
    const json_t *found = NULL;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const f = json_array_get(list, i);

        if (has(f, "name", name) && has(f, "method", method) && has(f, "place", place) &&
            has(f, "group", group)) {
            ck_assert_msg(found == NULL, "two figures %s (%s)", name, method);
            found = f;
        }
    }
    ck_assert_msg(found != NULL, "no figure %s (%s) of %s, %s", name, method, place ? place : "all",
                  group ? group : "all");
    return found;
}
