/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What goes in and out of one connection: bytes of the client, those handed on to libmicrohttpd
 * over the pair, and its answer on the way back. What may be handed on is not decided here.
 */
#include "common/http_guard_link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* ---- the client's side ----------------------------------------------------------------------- */

bool
link_read(struct link *l, ssize_t *got)
{
    struct guard *const g = l->guard;

    if (l->start > 0 && l->start == l->end)
        l->start = l->end = 0;
    *got = http_stream_read(&l->stream, l->in + l->end, g->limits.bytes - l->end);
    if (*got <= 0)
        return false;
    l->end += (size_t)*got;
    g->counters->bytes_in += (uint64_t)*got;
    return true;
}

bool
link_flush(struct link *l)
{
    while (l->out_start < l->out_end) {
        const ssize_t n =
            http_stream_write(&l->stream, l->out + l->out_start, l->out_end - l->out_start);

        if (n == HTTP_STREAM_WAIT)
            return false;
        if (n <= 0)
            return link_drop(l);
        l->out_start += (size_t)n;
    }
    l->out_start = l->out_end = 0;
    return true;
}

void
link_keep(struct link *l, const char *data, size_t length)
{
    const size_t waiting = l->out_end - l->out_start;

    if (l->out_size < waiting + length) {
        char *const grown = malloc(waiting + length);

        if (!grown)
            err_fatal("out of memory");
        if (waiting > 0)
            memcpy(grown, l->out + l->out_start, waiting);
        free(l->out);
        l->out = grown;
        l->out_size = waiting + length;
    } else if (waiting > 0) {
        memmove(l->out, l->out + l->out_start, waiting);
    }
    memcpy(l->out + waiting, data, length);
    l->out_start = 0;
    l->out_end = waiting + length;
}

/* ---- handing on and relaying ----------------------------------------------------------------- */

bool
link_attach(struct link *l)
{
    struct guard *const g = l->guard;
    int ends[2];

    if (l->attached)
        return true;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    l->inner_fd = ends[0];
    l->attached = g->hooks.attach(g->hooks.context, &l->seen, ends[1]);
    return l->attached;
}

bool
link_hand_on(struct link *l)
{
    while (l->cleared > 0) {
        const ssize_t n = send(l->inner_fd, l->in + l->start, l->cleared, MSG_NOSIGNAL);

        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            link_again(l);
            l->guard->handed_on = true;
            return false;
        }
        if (n <= 0)
            return link_drop(l);
        l->start += (size_t)n;
        l->cleared -= (size_t)n;
        l->guard->handed_on = true;
    }
    return true;
}

/* Passes one piece of the answer on. True: there may be more. Less than asked for is all there is:
 * libmicrohttpd writes in this thread only. */
static bool
relay_piece(struct link *l)
{
    struct guard *const g = l->guard;
    const ssize_t got = recv(l->inner_fd, g->relay, sizeof g->relay, 0);

    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? false : link_drop(l);
    if (got == 0) {
        l->inner_ended = true;
        return false;
    }
    l->seen.bytes_out += (uint64_t)got;
    g->counters->bytes_out += (uint64_t)got;

    const ssize_t sent = http_stream_write(&l->stream, g->relay, (size_t)got);

    if (sent == HTTP_STREAM_END || sent == HTTP_STREAM_BROKEN)
        return link_drop(l);
    if (sent == got)
        return (size_t)got == sizeof g->relay;

    const size_t gone = sent > 0 ? (size_t)sent : 0;

    link_keep(l, g->relay + gone, (size_t)got - gone);
    return false;
}

bool
link_relay(struct link *l)
{
    if (!link_flush(l))
        return false;
    for (unsigned i = 0; i < LINK_TURNS_MOST; i++) {
        if (!relay_piece(l))
            return l->state != LINK_GONE && l->out_start == l->out_end;
    }
    link_again(l);
    return false;
}
