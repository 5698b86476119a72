/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One connection: a state machine. Each state has one function that does what it can without
 * waiting and says whether the state may have changed; link_step() goes on until none can.
 *
 * A link outlives its client as long as libmicrohttpd has the other end of the pair: a request that
 * was handed on whole is answered even when nobody reads the answer.
 */
#include "common/http_guard_link.h"

#include "common/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DISCARD_MOST = 65536, LINGER_MS = 2000 };

static double
after_ms(const struct link *l, unsigned ms)
{
    return l->guard->now + ms / 1000.0;
}

static struct link *
link_of(struct guard_link *seen)
{
    return (struct link *)(void *)seen;
}

/* ---- coming and going ------------------------------------------------------------------------ */

/* The numeric address, and what the cap for one client goes by: IPv4, or the /64 of IPv6. */
static void
name_client(struct link *l, const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        inet_ntop(AF_INET, &v4.sin_addr, l->seen.client, sizeof l->seen.client);
        memcpy(l->key, &v4.sin_addr, sizeof v4.sin_addr);
    } else if (address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        inet_ntop(AF_INET6, &v6.sin6_addr, l->seen.client, sizeof l->seen.client);
        memcpy(l->key, &v6.sin6_addr, IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) ? 16 : 8);
    }
}

struct link *
link_new(struct guard *g, int fd, const struct sockaddr *address)
{
    struct link *const l = calloc(1, sizeof *l);

    if (!l)
        err_fatal("out of memory");
    if (!http_stream_open(&l->stream, fd, g->tls)) {
        free(l);
        return NULL;
    }
    l->guard = g;
    l->seen.arena = arena_new();
    l->seen.tls = g->tls != NULL;
    l->generation = g->generation;
    l->in = malloc(g->limits.bytes);
    if (!l->in)
        err_fatal("out of memory");
    l->inner_fd = -1;
    l->settled = true;
    l->deadline = after_ms(l, g->options.deadlines.head_ms);
    name_client(l, address);
    http_head_start(&l->seen.head);
    return l;
}

/* The request is over. */
static void
settle(struct link *l)
{
    struct guard *const g = l->guard;

    if (!l->settled)
        g->hooks.finished(g->hooks.context, &l->seen);
    l->settled = true;
    arena_reset(l->seen.arena);
}

void
link_free(struct link *l)
{
    settle(l);
    http_stream_close(&l->stream);
    if (l->inner_fd >= 0)
        close(l->inner_fd);
    arena_free(l->seen.arena);
    free(l->in);
    free(l->out);
    free(l);
}

static void
close_inner(struct link *l)
{
    if (l->inner_fd >= 0)
        close(l->inner_fd);
    l->inner_fd = -1;
    l->guard->handed_on = true; /* libmicrohttpd is to see the end */
}

bool
link_drop(struct link *l)
{
    http_stream_close(&l->stream);
    close_inner(l);
    l->state = LINK_GONE;
    l->deadline = 0;
    return false;
}

bool
link_is_over(const struct link *l)
{
    return l->state == LINK_GONE && !l->active && (!l->attached || l->detached);
}

bool
link_is_idle(const struct link *l)
{
    return l->state == LINK_HEAD && l->start == l->end;
}

void
link_again(struct link *l)
{
    struct guard *const g = l->guard;

    if (!l->queued)
        g->again[g->again_count++] = l;
    l->queued = true;
}

/* Says that nothing follows and waits a little for the client to read it. */
bool
link_linger(struct link *l)
{
    close_inner(l);
    http_stream_end(&l->stream);
    l->state = LINK_LINGER;
    l->deadline = after_ms(l, LINGER_MS);
    return true;
}

/* ---- requests -------------------------------------------------------------------------------- */

/* The answer is out: on to the next request, whose bytes may have come already. */
static bool
next_request(struct link *l)
{
    struct guard *const g = l->guard;

    settle(l);
    if (guard_ends(&l->seen) || l->detached || l->inner_ended)
        return link_linger(l);
    memmove(l->in, l->in + l->start, l->end - l->start);
    l->end -= l->start;
    l->start = l->cleared = 0;
    l->answering = l->completed = false;
    http_head_start(&l->seen.head);
    l->state = LINK_HEAD;
    l->deadline = after_ms(l, l->end ? g->options.deadlines.head_ms : g->options.deadlines.idle_ms);
    if (l->out_size > sizeof g->relay / 4) {
        free(l->out);
        l->out = NULL;
        l->out_size = 0;
    }
    return true;
}

static bool
refuse(struct link *l, struct http_fault fault)
{
    struct guard *const g = l->guard;

    l->seen.closes = true;
    if (l->state == LINK_HEAD) {
        l->settled = false;
        l->seen.started = g->now;
        l->seen.bytes_out = 0;
    }
    g->hooks.refuse(g->hooks.context, &l->seen, fault);
    return true;
}

bool
guard_may_keep(const struct guard_link *seen)
{
    const struct http_head *const h = &seen->head;

    return !seen->closes && !h->expects_continue && !h->chunked && h->length <= DISCARD_MOST;
}

void
guard_reply(struct guard_link *seen, struct span bytes, bool keep)
{
    struct link *const l = link_of(seen);

    if (l->state == LINK_BODY || l->state == LINK_WAIT)
        close_inner(l);
    link_keep(l, bytes.data, bytes.length);
    l->keep = keep;
    l->state = LINK_REPLY;
    l->seen.bytes_out = bytes.length;
    l->guard->counters->bytes_out += bytes.length;
    l->deadline = after_ms(l, l->guard->options.deadlines.answer_ms);
}

/* The head is whole and clean: its bytes move to the request's arena. */
static bool
begin_request(struct link *l)
{
    struct guard *const g = l->guard;
    struct http_head *const h = &l->seen.head;
    const char *const copy = arena_strndup(l->seen.arena, l->in + l->start, h->bytes);

    http_head_move(h, l->in + l->start, copy);
    l->settled = false;
    l->seen.started = g->now;
    l->seen.bytes_out = 0;
    l->seen.closes = h->closes;
    l->cleared = h->bytes;
    g->counters->requests++;
    l->body_done = http_body_start(&l->body, h, UINT64_MAX) == HTTP_DONE;
    if (!g->hooks.head(g->hooks.context, &l->seen)) {
        l->start += h->bytes;
        l->cleared = 0;
        return true;
    }
    if (!link_attach(l))
        return refuse(l, (struct http_fault){503, "busy"});
    l->body.most = l->seen.body_most;
    l->active = true;
    l->state = LINK_BODY;
    l->deadline = after_ms(l, g->options.deadlines.body_ms);
    if (h->expects_continue) { /* "100 Continue" comes when libmicrohttpd has read the head */
        l->answering = true;
        link_again(l);
    }
    return true;
}

/* ---- the states ------------------------------------------------------------------------------ */

static bool
in_handshake(struct link *l)
{
    struct guard *const g = l->guard;
    const int done = http_stream_handshake(&l->stream);

    if (done == HTTP_STREAM_WAIT)
        return false;
    if (done != 1) {
        g->counters->handshakes_failed++;
        guard_note(g, GUARD_HANDSHAKE_FAILED, http_stream_fault());
        return link_drop(l);
    }
    if (!http_stream_certificate(&l->stream, l->seen.certificate, sizeof l->seen.certificate))
        l->seen.certificate[0] = '\0';
    l->state = LINK_HEAD;
    return true;
}

static bool
in_head(struct link *l)
{
    struct guard *const g = l->guard;
    struct http_head *const h = &l->seen.head;
    const bool idle = l->start == l->end;
    ssize_t got;

    if (l->end - l->start > h->at) {
        const enum http_read read =
            http_head_read(h, l->in + l->start, l->end - l->start, &g->limits);

        if (read == HTTP_REFUSED)
            return refuse(l, h->fault);
        if (read == HTTP_DONE)
            return begin_request(l);
    }
    if (link_read(l, &got)) {
        const double head = after_ms(l, g->options.deadlines.head_ms);

        if (idle && head < l->deadline)
            l->deadline = head;
        return true;
    }
    return got != HTTP_STREAM_WAIT && link_drop(l);
}

/* Judges what came of the body; false: it was refused. */
static bool
screen_body(struct link *l)
{
    size_t taken;

    if (l->body_done || l->start + l->cleared == l->end)
        return true;

    const enum http_read read = http_body_read(&l->body, l->in + l->start + l->cleared,
                                               l->end - l->start - l->cleared, &taken);

    l->cleared += taken;
    l->body_done = read == HTTP_DONE;
    return read != HTTP_REFUSED;
}

static bool
in_body(struct link *l)
{
    ssize_t got;

    for (unsigned i = 0; i < LINK_TURNS_MOST; i++) {
        if (!screen_body(l))
            return refuse(l, l->body.fault);
        if (!link_hand_on(l))
            return false;
        if (l->body_done) {
            l->state = LINK_WAIT;
            l->deadline = 0;
            return true;
        }
        if (l->answering)
            link_relay(l);
        if (l->state == LINK_GONE)
            return false;
        if (l->detached || l->inner_ended)
            return link_drop(l);
        if (!link_read(l, &got))
            return got != HTTP_STREAM_WAIT && link_drop(l);
    }
    link_again(l);
    return false;
}

static bool
in_wait(struct link *l)
{
    const uint64_t before = l->seen.bytes_out;

    if (!l->answering || !link_relay(l))
        return false;
    if (l->completed)
        return next_request(l);
    if (l->detached || l->inner_ended)
        return link_drop(l);
    if (l->seen.bytes_out > before) { /* there is room for more of the answer */
        l->guard->handed_on = true;
        link_again(l);
    }
    return false;
}

static bool
in_reply(struct link *l)
{
    if (!link_flush(l))
        return false;
    if (!l->active)
        settle(l);
    if (!l->keep || l->active)
        return link_linger(l);
    l->state = LINK_DISCARD;
    l->deadline = after_ms(l, l->guard->options.deadlines.body_ms);
    return true;
}

static bool
in_discard(struct link *l)
{
    size_t taken;
    ssize_t got;

    if (!l->body_done && l->start < l->end) {
        const enum http_read read =
            http_body_read(&l->body, l->in + l->start, l->end - l->start, &taken);

        l->start += taken;
        l->body_done = read == HTTP_DONE;
        if (read == HTTP_REFUSED)
            return link_linger(l);
    }
    if (l->body_done)
        return next_request(l);
    return link_read(l, &got) || (got != HTTP_STREAM_WAIT && link_drop(l));
}

static bool
in_linger(struct link *l)
{
    for (unsigned i = 0; i < LINK_TURNS_MOST; i++) {
        const ssize_t got = http_stream_read(&l->stream, l->guard->relay, sizeof l->guard->relay);

        if (got == HTTP_STREAM_WAIT)
            return false;
        if (got <= 0)
            return link_drop(l);
    }
    link_again(l);
    return false;
}

static bool
in_gone(struct link *l)
{
    (void)l;
    return false;
}

void
link_step(struct link *l)
{
    static bool (*const in[LINK_STATES])(struct link *) = {
        [LINK_HANDSHAKE] = in_handshake, [LINK_HEAD] = in_head,   [LINK_BODY] = in_body,
        [LINK_WAIT] = in_wait,           [LINK_REPLY] = in_reply, [LINK_DISCARD] = in_discard,
        [LINK_LINGER] = in_linger,       [LINK_GONE] = in_gone,
    };

    for (unsigned i = 0; i < LINK_TURNS_MOST; i++) {
        if (!in[l->state](l))
            return;
    }
    link_again(l);
}

/* ---- from outside ---------------------------------------------------------------------------- */

void
link_expire(struct link *l)
{
    const bool begun = l->state == LINK_BODY || (l->state == LINK_HEAD && l->end > l->start);
    const bool working = begun || l->state == LINK_WAIT || l->state == LINK_REPLY ||
                         l->state == LINK_HANDSHAKE || l->state == LINK_DISCARD;

    if (working)
        l->guard->counters->too_slow++;
    if (!begun) {
        http_stream_reset(&l->stream); /* an answer that nobody reads must not stay in the kernel */
        link_drop(l);
        return;
    }
    refuse(l, (struct http_fault){408, "too-slow"});
    link_step(l);
}

void
guard_answering(struct guard_link *seen)
{
    struct link *const l = link_of(seen);

    l->answering = true;
    if (l->state == LINK_WAIT)
        l->deadline = after_ms(l, l->guard->options.deadlines.answer_ms);
    link_again(l);
}

bool
guard_ends(const struct guard_link *seen)
{
    const struct link *const l = (const struct link *)(const void *)seen;

    return seen->closes || l->guard->draining || l->generation != l->guard->generation;
}

void
guard_completed(struct guard_link *seen)
{
    struct link *const l = link_of(seen);

    l->active = false;
    l->completed = true;
    link_again(l);
}

void
guard_detached(struct guard_link *seen)
{
    struct link *const l = link_of(seen);

    l->detached = l->answering = true; /* what it wrote last is relayed still */
    l->active = false;                 /* a request that it never took up */
    link_again(l);
}
