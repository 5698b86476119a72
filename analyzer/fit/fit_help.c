/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The models as commands of the program: verb, help and options of each are made from the row that
 * runs it, so that help lists what is there and the parser takes only what the model reads.
 */
#include "analyzer/fit/fit_model.h"

#include <string.h>

static const char VERB[] = "fit ";

#define OPTION_OWNER struct fit_options
static const struct option_spec specs[FIT_OPTION_COUNT] = {FIT_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

static const char *
figures_text(struct arena *a, const struct fit_model *m)
{
    const char *text = "";

    for (size_t i = 0; i < m->figure_count; i++) {
        const struct fit_output *const o = &m->figures[i];

        text = arena_printf(a, "%s%s%s%s%s%s", text, i > 0 ? ", " : "", o->name,
                            o->methods[0] ? " (" : "", o->methods, o->methods[0] ? ")" : "");
    }
    return text;
}

/* An example paragraph keeps its lines: one a column. */
static const char *
columns_text(struct arena *a, const struct fit_layout *l)
{
    const char *text = "";

    for (size_t i = 0; i < l->count; i++) {
        const struct fit_column *const c = &l->columns[i];

        text = arena_printf(a, "%s%s  %-10s  %s%s", text, i > 0 ? "\n" : "", c->name,
                            fit_kind_text(c->kind), c->optional ? " (may be left out)" : "");
    }
    return l->extra ? arena_printf(a, "%s\n  %-10s  %s", text, "…", l->extra) : text;
}

static void
fill_options(struct arena *a, const struct fit_model *m, struct command *c)
{
    struct option_spec *const own = arena_array(a, FIT_OPTION_COUNT, sizeof *own);

    for (size_t i = 0; i < FIT_OPTION_COUNT; i++)
        if ((m->options | FIT_READS(seed)) >> i & 1)
            own[c->option_count++] = specs[i];
    c->options = own;
    c->options_size = sizeof(struct fit_options);
}

size_t
fit_commands(struct arena *a,
             int (*run)(const struct program *p, struct arena *a, const void *options, int argc,
                        char *const *argv),
             const struct command **commands)
{
    struct command *list;
    size_t count = 0;

    while (fit_model_at(count))
        count++;
    list = arena_array(a, count, sizeof *list);
    for (size_t i = 0; i < count; i++) {
        const struct fit_model *const m = fit_model_at(i);
        const char *const figures = figures_text(a, m);

        list[i] = (struct command){
            .verb = arena_printf(a, "%s%s", VERB, m->name),
            .arguments = "[CELLS.csv]",
            .most = 1,
            .summary = arena_printf(a, "%s; columns %s; figures %s", m->summary,
                                    fit_layout_text(a, &m->layout), figures),
            .details = arena_printf(a,
                                    "Reads CSV with a header, without a database, from the file or "
                                    "from standard input; columns in any order:\n\n%s\n\n"
                                    "Prints one JSON document; a figure that is undefined is null "
                                    "and its note says why.",
                                    columns_text(a, &m->layout)),
            .run = run,
        };
        fill_options(a, m, &list[i]);
    }
    *commands = list;
    return count;
}

const char *
fit_model_of(const struct command *command)
{
    return command->verb + strlen(VERB);
}
