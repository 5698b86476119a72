/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Stands before libmicrohttpd: takes connections, ends TLS, reads every request head and the
 * framing of every body strictly, holds caps and absolute deadlines, and hands what is clean over a
 * socket pair; what comes back it relays. One request of a connection at a time. It knows no
 * routes: a server behind it (the hooks) decides about a head and words every refusal.
 *
 * All hooks run in the guard's thread with its lock held; the functions marked "any thread" take
 * the lock themselves, the rest is for hooks.
 */
#ifndef MAATSTAF_COMMON_HTTP_GUARD_H
#define MAATSTAF_COMMON_HTTP_GUARD_H

#include "common/http_head.h"
#include "common/http_server.h"
#include "common/http_tls.h"

#include <netinet/in.h>
#include <sys/socket.h>

struct guard;

enum { GUARD_NAME_BYTES = 128 };

/* What the server behind may see of a connection. */
struct guard_link {
    struct arena *arena;   /* of the request at hand; emptied when it is over */
    struct http_head head; /* of the request at hand; its bytes are the arena's */
    char client[INET6_ADDRSTRLEN];
    char certificate[GUARD_NAME_BYTES]; /* CN, or "" */
    void *request;                      /* the server's own */
    void *inner;                        /* the server's own: its end of the pair */
    uint64_t body_most;                 /* set by the hook `head` */
    bool tls;
    bool closes;        /* the connection ends after this answer; the server may set it */
    double started;     /* clock_seconds() at the end of the head */
    uint64_t bytes_out; /* of this answer */
    int status;         /* of this answer; set by the server */
};

struct guard_hooks {
    void *context;
    /* True: hand the request on, l->body_most is set. False: guard_reply() was called. */
    bool (*head)(void *context, struct guard_link *l);
    /* The guard refuses: calls guard_reply() with a document. */
    void (*refuse)(void *context, struct guard_link *l, struct http_fault fault);
    /* Takes our other end of the pair; closes it in any case. */
    bool (*attach)(void *context, struct guard_link *l, int fd);
    /* Lets libmicrohttpd work; true: it wants to at once again. */
    bool (*run)(void *context);
    void (*woken)(void *context); /* after guard_wake() */
    /* The answer has gone out, or the client before it (no bytes_out). Then the arena is emptied.
     */
    void (*finished)(void *context, struct guard_link *l);
    int poll_fd; /* readable when libmicrohttpd has work */
};

struct guard_options {
    const char *address;
    unsigned port;
    struct http_tls *tls; /* NULL: plain; owned by the guard from now on */
    struct http_caps caps;
    struct http_deadlines deadlines;
};

/* NULL: ERR_CONFIG, ERR_RETRY. The counters are kept by the guard and its server. */
struct guard *guard_open(const struct guard_options *options, const struct guard_hooks *hooks,
                         struct http_counters *counters, struct err *e);
unsigned guard_port(const struct guard *g);
bool guard_start(struct guard *g, struct err *e); /* the thread */

void guard_wake(struct guard *g);                        /* any thread, without the lock */
bool guard_inside(const struct guard *g);                /* is this the guard's thread? */
void guard_lock(struct guard *g);                        /* any thread but the guard's */
void guard_unlock(struct guard *g);                      /* as guard_lock */
void guard_renew(struct guard *g, struct http_tls *tls); /* any thread; old links end */
bool guard_drain(struct guard *g, unsigned timeout_ms);  /* any thread */
void guard_stop(struct guard *g);                        /* any thread; joins the thread */
void guard_free(struct guard *g);                        /* after libmicrohttpd has ended */

/* Whether the connection may live on after an answer that comes before the body is read. */
bool guard_may_keep(const struct guard_link *l);

/* Whether the connection is to end after the answer at hand. */
bool guard_ends(const struct guard_link *l);

/* The whole answer, copied; instead of handing on the request. Closes when not `keep`. */
void guard_reply(struct guard_link *l, struct span bytes, bool keep);

void guard_answering(struct guard_link *l); /* libmicrohttpd has the answer */
void guard_completed(struct guard_link *l); /* and has written it, or given the request up */
void guard_detached(struct guard_link *l);  /* and has closed its end */

#endif
