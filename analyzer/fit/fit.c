/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One run of a model: options checked, cells read, figures gathered, the document written at once.
 */
#include "analyzer/fit/fit.h"

#include "analyzer/fit/fit_model.h"

#include <string.h>

static const struct fit_model *const models[] = {&fit_rate, &fit_proportion};

enum { MODELS = sizeof models / sizeof models[0] };

static const size_t DOCUMENT_BYTES = (size_t)512 << 20;

const char *
fit_model_name(size_t index)
{
    return index < MODELS ? models[index]->name : NULL;
}

static const struct fit_model *
model_of(struct arena *a, const char *name, struct err *e)
{
    const char *names = "";

    for (size_t i = 0; i < MODELS; i++) {
        if (strcmp(models[i]->name, name) == 0)
            return models[i];
        names = arena_printf(a, "%s%s%s", names, i > 0 ? ", " : "", models[i]->name);
    }
    err_set(e, ERR_USAGE, "there is no model \"%s\"", name);
    err_hint(e, "the models are %s", names);
    return NULL;
}

static bool
write_document(const struct fit *f, const char *model, FILE *out, struct err *e)
{
    json_t *const document = json_own(f->arena, json_object());
    struct strbuf *const text = strbuf_new(f->arena, DOCUMENT_BYTES);

    json_object_set_new(document, "model", json_string(model));
    json_object_set_new(document, "version", json_string(MAATSTAF_VERSION));
    json_object_set_new(document, "seed", json_integer(f->options->seed));
    json_object_set_new(document, "converged", json_boolean(f->converged));
    json_object_set(document, "figures", f->figures);
    json_object_set(document, "diagnostics", f->diagnostics);
    json_write(text, document, JSON_SEVENTEEN);
    strbuf_add_char(text, '\n');
    if (text->overflow)
        return err_set(e, ERR_INPUT, "the figures do not fit in %zu bytes", DOCUMENT_BYTES);
    if (fwrite(text->data, 1, text->length, out) != text->length || fflush(out) != 0)
        return err_set(e, ERR_RETRY, "the figures could not be written");
    return true;
}

static bool
run(struct arena *a, const struct fit_model *model, FILE *in, const struct fit_options *options,
    FILE *out, struct err *e)
{
    struct fit_cells cells = {0};
    struct fit f = {
        .arena = a,
        .options = options,
        .cells = &cells,
        .figures = json_own(a, json_array()),
        .diagnostics = json_own(a, json_object()),
        .converged = true,
    };

    return fit_cells_read(a, in, model->columns, model->column_count, &cells, e) &&
           model->run(&f, e) && write_document(&f, model->name, out, e);
}

bool
fit_run(struct arena *parent, const char *model, FILE *in, const struct fit_options *options,
        FILE *out, struct err *e)
{
    struct arena *const a = arena_child(parent);
    const struct fit_model *const m = model_of(a, model, e);
    bool done = false;

    if (m && !(options->level > 0 && options->level < 1))
        err_set(e, ERR_USAGE, "level must lie between 0 and 1");
    else if (m)
        done = run(a, m, in, options, out, e);
    arena_free(a);
    return done;
}
