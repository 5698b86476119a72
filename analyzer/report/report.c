/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which format is asked for, and of what. Lays nothing out itself but JSON, which is a part of the
 * document as it stands. Buffers belong to the caller's arena.
 */
#include "analyzer/report/view_signals.h"

#include <string.h>

/* The signals, or the figures of one measure, as the document has them. */
static struct strbuf *
json_part(struct arena *a, const struct view *v)
{
    struct strbuf *const b = strbuf_new(a, (size_t)1 << 28);

    if (v->how->signals) {
        json_write(b, json_object_get(v->document, "signals"), JSON_CANONICAL);
        strbuf_add_char(b, '\n');
        return b;
    }

    json_t *const chosen = json_own(a, json_array());
    size_t i;
    json_t *j;

    json_array_foreach(json_object_get(v->document, "figures"), i, j)
    {
        if (strcmp(v->how->measure, json_string_value(json_object_get(j, "measure"))) == 0)
            json_array_append(chosen, j);
    }
    json_write(b, chosen, JSON_CANONICAL);
    strbuf_add_char(b, '\n');
    return b;
}

struct strbuf *
report_write(struct arena *a, struct span document, const char *format,
             const struct report_options *how, struct err *e)
{
    struct view v;

    if (strcmp(format, "json") == 0 && !how->measure && !how->signals) {
        struct strbuf *const b = strbuf_new(a, document.length + 2);

        strbuf_add(b, document.data, document.length);
        strbuf_add_char(b, '\n');
        return b;
    }
    if (!view_open(a, document, how, &v, e))
        return NULL;
    if (strcmp(format, "csv") == 0)
        return how->signals ? signals_csv(a, &v) : csv_write(a, &v);
    if (strcmp(format, "html") == 0)
        return html_write(a, &v);
    if (strcmp(format, "json") != 0)
        return text_write(a, &v);

    return json_part(a, &v);
}
