/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The requests: one for all with numbers in it, or one for each line of a file. They are made in
 * memory before the clock runs.
 */
#include "tests/bench/http_load.h"

#include "common/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS = 12 };

static size_t
read_body(const char *file, char *body)
{
    FILE *const f = file ? fopen(file, "rb") : NULL;

    if (file && !f)
        die(file);

    const size_t length = f ? fread(body, 1, BODY_MOST, f) : 0;

    if (f)
        fclose(f);
    return length;
}

static void
find_marks(struct load *l)
{
    static const char mark[] = "@@@@@@@@@@@@";

    for (size_t i = 0; i + DIGITS <= l->length && l->mark_count < 64; i++) {
        if (memcmp(l->request + i, mark, DIGITS) == 0) {
            l->marks[l->mark_count++] = i;
            i += DIGITS - 1;
        }
    }
}

/* The whole file stays in memory. */
static void
read_lines(struct arena *a, struct load *l)
{
    struct err e;
    struct file_reader *const file = file_reader_open(a, l->line_file, &e);
    struct strbuf *const text = strbuf_new(a, (size_t)4 << 30);
    char piece[BODY_MOST];

    if (!file)
        die(l->line_file);

    struct reader in = file_reader_reader(file);
    size_t n;

    while (in.read(in.context, piece, sizeof piece, &n, &e) && n > 0)
        strbuf_add(text, piece, n);
    for (size_t i = 0; i < text->length; i++)
        l->line_count += text->data[i] == '\n';
    l->lines = arena_array(a, l->line_count + 1, sizeof *l->lines);

    const char *at = text->data;

    for (size_t i = 0; i < l->line_count; i++) {
        const char *const end = strchr(at, '\n');

        l->lines[i] = (struct span){at, (size_t)(end - at)};
        if (l->lines[i].length >= BODY_MOST)
            die("a line is too long");
        at = end + 1;
    }
}

static void
make_head(struct load *l, struct strbuf *b, size_t length)
{
    strbuf_printf(b, "%s %s HTTP/1.1\r\nHost: localhost\r\n", l->method, l->path);
    for (unsigned i = 0; i < l->field_count; i++)
        strbuf_printf(b, "%s\r\n", l->fields[i]);
    if (length > 0 || strcmp(l->method, "GET") != 0)
        strbuf_printf(b, "Content-Type: application/json\r\nContent-Length: %zu\r\n", length);
    strbuf_add_text(b, "\r\n");
}

void
make_request(struct arena *a, struct load *l)
{
    char *const body = arena_alloc(a, BODY_MOST);
    const size_t length = read_body(l->body_file, body);
    struct strbuf *const b = strbuf_new(a, 1 << 20);

    if (l->line_file)
        read_lines(a, l);
    l->scratch = strbuf_new(a, 1 << 20);
    make_head(l, b, length);
    strbuf_add(b, body, length);
    l->request = b->data;
    l->length = b->length;
    find_marks(l);
}

/* False: no line is left. */
static bool
line_request(struct load *l, struct client *c)
{
    if (l->number >= l->line_count)
        return false;

    const struct span line = l->lines[l->number++];

    strbuf_clear(l->scratch);
    make_head(l, l->scratch, line.length);
    strbuf_add(l->scratch, line.data, line.length);
    memcpy(c->request, l->scratch->data, l->scratch->length);
    c->length = l->scratch->length;
    return true;
}

static void
number_request(struct load *l, struct client *c)
{
    char digits[DIGITS + 1];

    snprintf(digits, sizeof digits, "%0*" PRIu64, DIGITS, l->number++);
    for (unsigned i = 0; i < l->mark_count; i++)
        memcpy(c->request + l->marks[i], digits, DIGITS);
}

void
next_request(struct load *l, struct client *c)
{
    if (l->line_file)
        c->idle = !line_request(l, c);
    else
        number_request(l, c);
}
