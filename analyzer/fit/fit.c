/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One run of a model: options checked, cells read, figures gathered, the document written at once.
 */
#include "analyzer/fit/fit.h"

#include "analyzer/fit/fit_model.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const size_t DOCUMENT_BYTES = (size_t)512 << 20;

#define FIT_MODEL_ROW_(name) &fit_##name,
static const struct fit_model *const models[] = {FIT_MODELS(FIT_MODEL_ROW_)};

const struct fit_model *
fit_model_at(size_t index)
{
    return index < sizeof models / sizeof *models ? models[index] : NULL;
}

static const struct fit_model *
model_named(struct arena *a, const char *name, struct err *e)
{
    const struct fit_model *m;
    const char *names = "";

    for (size_t i = 0; (m = fit_model_at(i)) != NULL; i++) {
        if (strcmp(m->name, name) == 0)
            return m;
        names = arena_printf(a, "%s%s%s", names, i > 0 ? ", " : "", m->name);
    }
    err_set(e, ERR_USAGE, "there is no model \"%.60s\"", name);
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

/* What a formula does not name need not be held. */
static struct fit_layout
wanted_layout(const struct fit_model *model, const struct fit_options *options)
{
    struct fit_layout layout = model->layout;

    if (model->options & FIT_READS(formula))
        layout.wanted = options->formula;
    else if (model->options & FIT_READS(adjust))
        layout.wanted = options->adjust ? options->adjust : "";
    return layout;
}

static bool
run(struct arena *a, const struct fit_model *model, FILE *in, const struct fit_options *options,
    FILE *out, struct err *e)
{
    struct fit_cells *const cells = arena_alloc(a, sizeof *cells);
    struct fit f = {
        .arena = a,
        .options = options,
        .cells = cells,
        .figures = json_own(a, json_array()),
        .diagnostics = json_own(a, json_object()),
        .converged = true,
    };

    const struct fit_layout layout = wanted_layout(model, options);

    return fit_cells_read(a, in, &layout, cells, e) && model->run(&f, e) &&
           write_document(&f, model->name, out, e);
}

static bool
check_options(const struct fit_model *model, const struct fit_options *o, struct err *e)
{
    if ((model->options & FIT_READS(level)) && !(o->level > 0 && o->level < 1)) {
        err_set(e, ERR_USAGE, "--level must lie between 0 and 1");
        return err_hint(e, "0.95 is usual");
    }
    if ((model->options & FIT_READS(epsilon)) && !(o->epsilon > 0 && o->epsilon <= 1)) {
        err_set(e, ERR_USAGE, "--epsilon must be over 0 and at most 1");
        return err_hint(e, "it is a mean difference of probabilities, like 0.1");
    }
    if ((model->options & FIT_READS(steps)) && !(o->steps >= 2 && o->steps <= 1000)) {
        err_set(e, ERR_USAGE, "--steps must lie between 2 and 1000");
        return err_hint(e, "it counts the points of a curve, its ends included");
    }
    if ((model->options & FIT_READS(alpha)) && !(o->alpha > 0 && o->alpha < 0.5)) {
        err_set(e, ERR_USAGE, "--alpha must be over 0 and under 0.5");
        return err_hint(e, "0.05 is usual");
    }
    return true;
}

bool
fit_run(struct arena *parent, const char *model, FILE *in, const struct fit_options *options,
        FILE *out, struct err *e)
{
    struct arena *const a = arena_child(parent);
    const struct fit_model *const m = model_named(a, model, e);
    const bool done = m && check_options(m, options, e) && run(a, m, in, options, out, e);

    arena_free(a);
    return done;
}

/* A pipe may be given (process substitution); a directory opens but cannot be read. */
static FILE *
open_cells(const char *path, struct err *e)
{
    FILE *const in = fopen(path, "rb");
    struct stat s;

    if (in && (fstat(fileno(in), &s) != 0 || !S_ISDIR(s.st_mode)))
        return in;
    if (in) {
        fclose(in);
        err_set(e, ERR_INPUT, "is a directory");
    } else {
        err_set(e, ERR_INPUT, "cannot be opened: %s", strerror(errno));
    }
    err_hint(e, "give a CSV file, or - for standard input");
    return NULL;
}

bool
fit_run_file(struct arena *parent, const char *model, const char *path,
             const struct fit_options *options, FILE *out, struct err *e)
{
    const bool named = path && strcmp(path, "-") != 0;
    FILE *const in = named ? open_cells(path, e) : stdin;
    const bool done = in && fit_run(parent, model, in, options, out, e);

    if (in && named)
        fclose(in);
    if (!done && e->code != ERR_USAGE)
        return err_context(e, "%s", named ? path : "standard input");
    return done;
}
