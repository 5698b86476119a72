/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Between http_guard.c (port, thread, caps, deadlines), http_guard_link.c (what happens on one
 * connection) and http_guard_relay.c (its bytes). Nobody else includes this.
 */
#ifndef MAATSTAF_COMMON_HTTP_GUARD_LINK_H
#define MAATSTAF_COMMON_HTTP_GUARD_LINK_H

#include "common/http_guard.h"

#include <pthread.h>
#include <stdatomic.h>

enum link_state {
    LINK_HANDSHAKE,
    LINK_HEAD,    /* reading a head, or between two requests */
    LINK_BODY,    /* handing on head and body */
    LINK_WAIT,    /* the request is handed on; then its answer is relayed */
    LINK_REPLY,   /* our own answer goes out */
    LINK_DISCARD, /* the rest of a refused request's body */
    LINK_LINGER,  /* all is said; the client may read it before we close */
    LINK_GONE,    /* the client is gone; libmicrohttpd has its end still */
    LINK_STATES
};

enum { CLIENT_KEY_BYTES = 16 };

struct link {
    struct guard_link seen; /* first: hooks get this */
    struct guard *guard;
    struct http_stream stream;
    enum link_state state;
    double deadline; /* clock_seconds(), 0: none */
    unsigned index;  /* in guard.links */
    unsigned generation;
    unsigned char key[CLIENT_KEY_BYTES]; /* whose cap it counts for */

    char *in; /* caps.head_bytes; in[start .. end) came and is not handed on */
    size_t start, end;
    size_t cleared; /* of these, may be handed on */
    struct http_body body;
    bool body_done;

    char *out; /* heap; out[out_start .. out_end) waits for the client */
    size_t out_start, out_end, out_size;

    int inner_fd; /* our end of the pair; -1: none */
    bool attached, detached, inner_ended;
    bool active;    /* libmicrohttpd has a request of it and has not completed it */
    bool answering; /* there are or will be bytes to relay */
    bool completed;
    bool keep;    /* after our own answer */
    bool queued;  /* in guard.again */
    bool settled; /* finished() was called for this request */
};

/* What strangers can cause at will: one line a second at most, with a count. */
enum guard_event { GUARD_HANDSHAKE_FAILED, GUARD_TURNED_AWAY, GUARD_EVENTS };

struct guard {
    struct guard_options options;
    struct guard_hooks hooks;
    struct http_counters *counters;
    struct http_head_limits limits;
    struct http_tls *tls;
    int listener, epoll, wake;
    unsigned port;
    bool listening; /* the listener is in the epoll set */

    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t emptied;
    unsigned generation; /* of certificates; links of an older one end */
    bool draining, stopping, renewed;
    atomic_bool woken;

    struct link **links;
    unsigned count;
    struct link **again; /* to be looked at after libmicrohttpd has worked */
    unsigned again_count;
    bool handed_on; /* libmicrohttpd has something to read */
    double now;
    struct {
        uint64_t count; /* not logged yet */
        const char *reason;
        double next; /* not to be logged before */
    } events[GUARD_EVENTS];
    char relay[65536];
};

void guard_note(struct guard *g, enum guard_event what, const char *reason); /* a constant */

/* Does all that can be done now. */
void link_step(struct link *l);
void link_expire(struct link *l); /* its deadline is over */
bool link_linger(struct link *l); /* says that nothing follows, then closes */
bool link_drop(struct link *l);   /* the client's side is closed at once; false */
void link_again(struct link *l);  /* look at it after libmicrohttpd has worked */
bool link_is_idle(const struct link *l);
bool link_is_over(const struct link *l); /* nothing refers to it any more */
struct link *link_new(struct guard *g, int fd, const struct sockaddr *address);
void link_free(struct link *l);

enum { LINK_TURNS_MOST = 64 }; /* before others have their turn */

bool link_read(struct link *l, ssize_t *got); /* into the free part of `in`; true: some came */
void link_keep(struct link *l, const char *data, size_t length); /* for the client, copied */

/* Writes what is kept. False: the client takes no more now (or is gone: then it is dropped). */
bool link_flush(struct link *l);

bool link_attach(struct link *l);  /* a pair whose other end libmicrohttpd gets, once */
bool link_hand_on(struct link *l); /* what is cleared. False: not all (or dropped) */
bool link_relay(struct link *l);   /* true: the client has all that is there of the answer */

#endif
