/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Fuzzes the reading of request heads and bodies: whatever comes, and however it is cut, the answer
 * is the same; what passes holds to what the header promises. The first byte chooses the cuts.
 */
#include "common/http_head.h"
#include "common/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BODY_MOST = 100 };

static const struct http_head_limits limits = {2048, 256, 16};

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
    char *const bytes = malloc(size);

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
        must(whole.body != HTTP_DONE || whole.body_bytes <= BODY_MOST);
    } else if (whole.head == HTTP_REFUSED) {
        must(whole.h.fault.status >= 400 && whole.h.fault.status <= 505);
    }
    free(bytes);
    return 0;
}
