/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bodies: in memory against a budget, or in a file of the service's folder, of which there are so
 * many at once and no more.
 */
#include "common/http_server_request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
request_drop_body(struct request *r)
{
    r->server->counters.body_bytes_now -= r->reserved;
    if (!r->seen.body_file)
        return;
    r->server->body_files--;
    if (r->file >= 0)
        close(r->file);
    unlink(r->seen.body_file);
    r->file = -1;
}

static void
write_body(struct request *r, const char *data, size_t length)
{
    while (length > 0 && !r->file_failed) {
        const ssize_t n = write(r->file, data, length);

        if (n < 0 && errno != EINTR) {
            r->file_failed = true;
            if (ftruncate(r->file, 0) != 0) /* the room is for others; else it ends with the file */
                return;
        }
        if (n > 0) {
            data += n;
            length -= (size_t)n;
        }
    }
}

void
request_take_body(struct request *r, const char *data, size_t length)
{
    const struct http_head *const h = &r->link->head;

    if (r->seen.route->body_to_file)
        write_body(r, data, length);
    else if (h->chunked)
        strbuf_add(r->chunks, data, length);
    else if (r->seen.body_bytes + length <= h->length)
        memcpy(r->bytes + r->seen.body_bytes, data, length);
    r->seen.body_bytes += length;
}

/* 0, or the status of the refusal: no file now, or none at all. */
static int
open_body_file(struct request *r)
{
    struct http_server *const s = r->server;
    char *const name = arena_printf(r->seen.arena, "%s/body-XXXXXX", s->options.folder);

    if (s->body_files >= s->options.caps.body_files)
        return 503;
    r->file = mkstemp(name);
    if (r->file < 0)
        return errno == EMFILE || errno == ENFILE ? 503 : 507;
    r->seen.body_file = name;
    s->body_files++;
    return 0;
}

static int
reserve_memory(struct request *r)
{
    struct http_server *const s = r->server;
    const struct http_head *const h = &r->link->head;
    const uint64_t wanted = h->chunked ? r->seen.route->body_most : h->length;

    if (wanted > s->options.caps.in_flight - s->counters.body_bytes_now)
        return 503;
    r->reserved = wanted;
    s->counters.body_bytes_now += wanted;
    if (s->counters.body_bytes_now > s->counters.body_bytes_peak)
        s->counters.body_bytes_peak = s->counters.body_bytes_now;
    if (h->chunked)
        r->chunks = strbuf_new(r->seen.arena, r->seen.route->body_most);
    else if (h->length > 0)
        r->bytes = arena_alloc(r->seen.arena, h->length + 1);
    return 0;
}

int
request_make_room(struct request *r)
{
    return r->seen.route->body_to_file ? open_body_file(r) : reserve_memory(r);
}

bool
request_end_body(struct request *r)
{
    if (r->chunks)
        r->seen.body = (struct span){r->chunks->data, r->chunks->length};
    else if (r->bytes)
        r->seen.body = (struct span){r->bytes, (size_t)r->seen.body_bytes};
    if (r->file >= 0 && close(r->file) != 0)
        r->file_failed = true;
    r->file = -1;
    return !r->file_failed;
}
