/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Lines from a window that always holds the longest line and its line end, so a line is one span.
 * What a line says is not looked at, but for telling a blank one.
 */
#include "common/ndjson.h"

#include "common/fault.h"

#include <string.h>

enum { LINE_DEFAULT = 16384, SLACK = 65536, LINE_END = 2 };

struct ndjson {
    struct window window;
    size_t line_bytes;
    uint64_t lines, blank;
    bool failed;
    struct err fault;
};

struct ndjson *
ndjson_new(struct arena *a, struct reader in, size_t line_bytes)
{
    struct ndjson *const n = arena_alloc(a, sizeof *n);

    n->line_bytes = line_bytes == 0 ? LINE_DEFAULT : line_bytes;
    window_start(&n->window, a, in, n->line_bytes + LINE_END + SLACK);
    return n;
}

/* Drops everything up to and with the next LF; false on a read error. */
static bool
skip_line(struct ndjson *n, bool *terminated, struct err *e)
{
    struct window *const w = &n->window;

    for (;;) {
        const char *const from = w->data + w->start;
        const char *const lf = memchr(from, '\n', w->end - w->start);

        *terminated = lf != NULL;
        if (lf) {
            w->start += (size_t)(lf - from) + 1;
            return true;
        }
        w->start = w->end;
        if (w->ended)
            return true;
        if (!window_fill(w, e))
            return false;
    }
}

/* NUL for a blank line; of a line with a NUL it does not matter, it is no JSON. */
static char
first_byte(struct span s)
{
    for (size_t i = 0; i < s.length; i++)
        if (s.data[i] != ' ' && s.data[i] != '\t' && s.data[i] != '\r')
            return s.data[i];
    return '\0';
}

static bool
is_blank(struct span s)
{
    for (size_t i = 0; i < s.length; i++)
        if (s.data[i] != ' ' && s.data[i] != '\t' && s.data[i] != '\r')
            return false;
    return true;
}

static void
skip_mark(struct ndjson *n)
{
    struct window *const w = &n->window;

    if (n->lines == 0 && w->end - w->start >= 3 &&
        memcmp(w->data + w->start, "\xEF\xBB\xBF", 3) == 0)
        w->start += 3;
}

/* One line of any kind; a blank one comes out as NDJSON_LINE too. */
static enum ndjson_status
take_line(struct ndjson *n, struct ndjson_line *line, struct err *e)
{
    struct window *const w = &n->window;
    const size_t most = n->line_bytes + LINE_END;

    if (w->end - w->start < most && !w->ended &&
        !memchr(w->data + w->start, '\n', w->end - w->start) && !window_fill(w, e))
        return NDJSON_FATAL;
    skip_mark(n);
    if (w->start == w->end)
        return NDJSON_END;

    const char *const text = w->data + w->start;
    const size_t held = w->end - w->start;
    const char *const lf = memchr(text, '\n', held < most ? held : most);

#if PLANTED(skip_last_line) /* one that does not end */
    if (!lf)
        return NDJSON_END;
#endif
    size_t length = lf ? (size_t)(lf - text) : held;

    if (lf && length > 0 && text[length - 1] == '\r')
        length--;
    *line = (struct ndjson_line){
        ++n->lines, {text, length}, first_byte((struct span){text, length}), lf != NULL};
    if (length > n->line_bytes) {
        line->text.length = 0;
        return skip_line(n, &line->terminated, e) ? NDJSON_LONG : NDJSON_FATAL;
    }
    w->start += lf ? (size_t)(lf - text) + 1 : held;
    return NDJSON_LINE;
}

enum ndjson_status
ndjson_next(struct ndjson *n, struct ndjson_line *line, struct err *e)
{
    enum ndjson_status status = NDJSON_FATAL;

    *line = (struct ndjson_line){.text = {"", 0}};
    while (!n->failed) {
        status = take_line(n, line, e);
        if (status == NDJSON_FATAL) {
            err_context(e, "line %ju", (uintmax_t)(line->number > 0 ? line->number : n->lines + 1));
            n->fault = *e;
            n->failed = true;
            return status;
        }
        if (status != NDJSON_LINE || !is_blank(line->text))
            return status;
        n->blank++;
    }
    *e = n->fault;
    return status;
}

uint64_t
ndjson_blank_lines(const struct ndjson *n)
{
    return n->blank;
}
