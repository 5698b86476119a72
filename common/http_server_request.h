/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Between http_server.c (routes, refusals, start and end), http_server_body.c (bodies in memory and
 * in files) and http_server_daemon.c (libmicrohttpd, which nobody else calls). Nobody else includes
 * this. Everything runs in the guard's thread unless it says otherwise.
 */
#ifndef MAATSTAF_COMMON_HTTP_SERVER_REQUEST_H
#define MAATSTAF_COMMON_HTTP_SERVER_REQUEST_H

#include "common/http_guard.h"
#include "common/http_route.h"
#include "common/http_server.h"
#include "common/http_workers.h"

#include <pthread.h>

struct MHD_Connection;
struct MHD_Daemon;
struct MHD_Response;

struct http_server {
    struct http_server_options options;
    struct guard *guard;
    struct MHD_Daemon *daemon;
    struct http_workers *workers;
    struct http_counters counters; /* under the guard's lock */
    unsigned body_files;           /* open now */
    struct guard_link *attaching;  /* while libmicrohttpd takes its end of the pair */

    pthread_mutex_t answered_lock;
    struct request *answered; /* by other threads, newest first */
};

enum phase {
    PHASE_ADMIT,  /* the guard has it; an answer goes past libmicrohttpd */
    PHASE_BODY,   /* libmicrohttpd reads its body */
    PHASE_SERVE,  /* the caller has it */
    PHASE_ANSWER, /* answered; to be given to libmicrohttpd */
    PHASE_DONE
};

struct request {
    struct http_request seen; /* first: the caller gets this */
    struct http_server *server;
    struct guard_link *link;
    struct http_parameters parameters;
    struct MHD_Connection *connection;
    struct MHD_Response *response;
    int status;
    enum phase phase;
    bool inside;           /* serve() runs just now in the guard's thread */
    struct strbuf *chunks; /* of a chunked body in memory */
    char *bytes;           /* of a body of known length */
    uint64_t reserved;     /* of caps.in_flight */
    int file;              /* -1: none */
    bool file_failed;
    struct request *next; /* in server.answered */
};

/* Makes room for the body before it is read: 0, 503 (none now) or 507 (no file can be made). */
int request_make_room(struct request *r);
void request_take_body(struct request *r, const char *data, size_t length);
bool request_end_body(struct request *r); /* it is whole; false: it could not be kept */
void request_drop_body(struct request *r);

/* The server's own refusal, in the caller's words. */
struct http_answer server_refusal(struct http_server *s, struct arena *a, struct http_fault fault);

/* libmicrohttpd's side. */
bool server_start_daemon(struct http_server *s, struct err *e);
void server_stop_daemon(struct http_server *s);
int server_poll_fd(const struct http_server *s);
bool server_attach(void *context, struct guard_link *l, int fd); /* these three are hooks */
bool server_run(void *context);
void server_woken(void *context);

/* Any thread: the answer goes to libmicrohttpd as soon as it can. */
void server_give(struct request *r, const struct http_answer *answer);

#endif
