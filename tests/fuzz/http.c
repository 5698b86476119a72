/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Fuzzes the reading of request heads and bodies: whatever comes, and however it is cut, the answer
 * is the same; what passes holds to what the header promises; bodies end where a plain second
 * reading of the whole finds their end. The first byte chooses the cuts.
 */
#include "common/http_head.h"
#include "common/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BODY_MOST = 100 };

static const struct http_head_limits limits = {640, 128, 16};

static void
must(bool holds)
{
    if (!holds)
        abort();
}

struct outcome {
    enum http_read head, body;
    struct http_head h;
    size_t body_end; /* where the request ends */
    uint64_t body_bytes;
    struct http_fault fault; /* of the body */
};

static enum http_read
read_body(const char *data, size_t size, size_t step, struct outcome *o)
{
    struct http_body b;
    enum http_read read = http_body_start(&b, &o->h, BODY_MOST);
    size_t taken;

    o->body_end = o->h.bytes;
    while (read == HTTP_MORE && o->body_end < size) {
        const size_t left = size - o->body_end;

        read = http_body_read(&b, data + o->body_end, step && step < left ? step : left, &taken);
        must(taken <= left);
        o->body_end += taken;
    }
    o->body_bytes = b.bytes;
    o->fault = b.fault;
    return read;
}

static void
read_all(const char *data, size_t size, size_t step, struct outcome *o)
{
    size_t come = step && step < size ? step : size;

    memset(o, 0, sizeof *o);
    http_head_start(&o->h);
    o->head = http_head_read(&o->h, data, come, &limits);
    while (o->head == HTTP_MORE && come < size) {
        come = size - come > step ? come + step : size;
        o->head = http_head_read(&o->h, data, come, &limits);
    }
    if (o->head == HTTP_DONE)
        o->body = read_body(data, size, step, o);
}

static void
check_value(struct span s)
{
    for (size_t i = 0; i < s.length; i++)
        must(s.data[i] == '\t' || (s.data[i] >= 0x20 && s.data[i] < 0x7f));
}

/* Where the chunks end by a plain reading of all of them, or 0 when they do not, or not well. */
static size_t
plain_chunks_end(const char *data, size_t size)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    uint64_t total = 0;
    size_t at = 0;

    for (;;) {
        uint64_t length = 0;
        size_t n = 0;

        for (const char *d; at + n < size && data[at + n] && n <= 8; n++) {
            if (!(d = strchr(digits, data[at + n])))
                break;
            length = length * 16 + (uint64_t)(d - digits) % 16;
        }
        total += length;
        at += n + 2;
        if (n == 0 || n > 8 || at > size || memcmp(data + at - 2, "\r\n", 2) != 0 ||
            total > BODY_MOST)
            return 0;
        if (size - at < length + 2 || memcmp(data + at + length, "\r\n", 2) != 0)
            return 0;
        at += length + 2;
        if (length == 0)
            return at;
    }
}

static void
check_body(const struct outcome *o, const char *data, size_t size)
{
    const size_t rest = size - o->h.bytes;

    must(o->body != HTTP_DONE || o->body_bytes <= BODY_MOST);
    if (o->h.chunked) {
        const size_t end = plain_chunks_end(data + o->h.bytes, rest);

        must((o->body == HTTP_DONE) == (end > 0));
        must(end == 0 || o->body_end == o->h.bytes + end);
    } else {
        must((o->body == HTTP_REFUSED) == (o->h.length > BODY_MOST));
        must(o->body != HTTP_DONE || o->body_end == o->h.bytes + o->h.length);
        must(o->body != HTTP_MORE || rest < o->h.length);
    }
}

/* A head that moved says the same from its new place, and nothing of the old one. */
static void
check_move(struct http_head *h, const char *data)
{
    static char copy[640];

    memcpy(copy, data, h->bytes);
    http_head_move(h, data, copy);

    const struct span spans[] = {h->method, h->path,          h->query,
                                 h->host,   h->authorization, h->content_type};

    for (unsigned i = 0; i < sizeof spans / sizeof *spans; i++)
        must(spans[i].length == 0 ||
             (spans[i].data >= copy && spans[i].data + spans[i].length <= copy + h->bytes));
    for (unsigned i = 0; i < h->field_count; i++) {
        const struct http_head_field *const f = &h->fields[i];

        must(f->name.data >= copy && f->name.data[f->name.length] == ':');
        must(f->value.length == 0 || f->value.data > f->name.data);
        must(f->value.length == 0 || f->value.data + f->value.length <= copy + h->bytes);
    }
}

/* What passed the screen. */
static void
check_head(const struct http_head *h, const char *data, size_t size)
{
    char decoded[HTTP_URI_MOST];
    size_t bad;

    must(h->bytes <= size && h->bytes <= limits.bytes);
    must(memcmp(data + h->bytes - 4, "\r\n\r\n", 4) == 0);
    must(h->path.length > 0 && h->path.data[0] == '/');
    must(h->path.length + h->query.length <= limits.uri);
    must(h->field_count <= limits.fields && h->host.length > 0);
    must(!(h->chunked && h->has_length));
    for (unsigned i = 0; i < h->field_count; i++) {
        must(h->fields[i].name.length > 0);
        must(!memchr(h->fields[i].name.data, ' ', h->fields[i].name.length));
        check_value(h->fields[i].value);
    }

    const struct span path = {decoded, http_decode(h->path, decoded)};

    must(utf8_valid(path, &bad));
    must(!memchr(path.data, '\0', path.length) && !memchr(path.data, '\\', path.length));
    for (size_t i = 0; i + 1 < path.length; i++)
        must(!(path.data[i] == '/' && path.data[i + 1] == '/'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome whole, cut;

    if (size == 0)
        return 0;

    /* On the heap and exact, so that a byte read too far is seen. */
    char *const bytes = malloc(size - 1 + (size == 1));

    must(bytes != NULL);
    memcpy(bytes, data + 1, size - 1);
    read_all(bytes, size - 1, 0, &whole);
    read_all(bytes, size - 1, 1 + data[0] % 64, &cut);
    must(whole.head == cut.head && whole.h.bytes == cut.h.bytes);
    must(whole.h.fault.status == cut.h.fault.status);
    must(whole.body == cut.body && whole.body_end == cut.body_end);
    must(whole.body_bytes == cut.body_bytes && whole.fault.status == cut.fault.status);
    if (whole.head == HTTP_DONE) {
        check_head(&whole.h, bytes, size - 1);
        check_body(&whole, bytes, size - 1);
        check_move(&whole.h, bytes);
    } else if (whole.head == HTTP_REFUSED) {
        must(whole.h.fault.status >= 400 && whole.h.fault.status <= 505);
    }
    free(bytes);
    return 0;
}
