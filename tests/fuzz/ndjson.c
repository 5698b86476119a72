/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Fuzzes the line framer against a plain split of the whole text. The first byte chooses the limit
 * and how the stream is cut.
 */
#include "common/ndjson.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

/* The next line of *rest by the rules of the header; false at the end. */
static bool
plain_next(struct span *rest, struct span *line, bool *terminated)
{
    if (rest->length == 0)
        return false;

    const char *const lf = memchr(rest->data, '\n', rest->length);
    const size_t taken = lf ? (size_t)(lf - rest->data) + 1 : rest->length;

    *terminated = lf != NULL;
    *line = (struct span){rest->data, lf ? taken - 1 : taken};
    if (lf && line->length > 0 && line->data[line->length - 1] == '\r')
        line->length--;
    rest->data += taken;
    rest->length -= taken;
    return true;
}

static bool
is_blank(struct span s)
{
    for (size_t i = 0; i < s.length; i++) {
        if (!strchr(" \t\r", s.data[i]) || s.data[i] == '\0')
            return false;
    }
    return true;
}

static void
check(struct arena *a, struct span bytes, size_t step, size_t limit)
{
    struct ndjson *const n = ndjson_new(a, reader_memory(a, bytes, step), limit);
    struct ndjson_line got;
    struct err e;
    struct span line = {0};
    bool terminated = false;
    uint64_t number = 0, blank = 0;

    if (bytes.length >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0)
        bytes = (struct span){bytes.data + 3, bytes.length - 3};
    while (plain_next(&bytes, &line, &terminated)) {
        number++;
        if (line.length <= limit && is_blank(line)) {
            blank++;
            continue;
        }

        const enum ndjson_status status = ndjson_next(n, &got, &e);

        must(status == (line.length > limit ? NDJSON_LONG : NDJSON_LINE));
        must(got.number == number && got.terminated == terminated);
        must(status == NDJSON_LONG || span_equal(got.text, line));
    }
    must(ndjson_next(n, &got, &e) == NDJSON_END);
    must(ndjson_next(n, &got, &e) == NDJSON_END);
    must(ndjson_blank_lines(n) == blank);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;

    struct arena *const a = arena_new();
    const struct span bytes = {(const char *)data + 1, size - 1};
    const size_t limit = 1 + data[0] / 7;

    check(a, bytes, 0, limit);
    check(a, bytes, 1 + data[0] % 7, limit);
    arena_free(a);
    return 0;
}
