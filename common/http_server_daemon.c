/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * libmicrohttpd behind the guard: it takes the body out of its coding and writes the answer. It
 * runs in the guard's thread and is called there only; an answer from another thread goes over a
 * list and wakes that thread.
 */
#include "common/http_reply.h"
#include "common/http_server_request.h"

#include <microhttpd.h>

static struct MHD_Response *
make_response(struct request *r, const struct http_answer *answer)
{
    const struct http_server_options *const o = &r->server->options;
    char *const copy = arena_strndup(r->seen.arena, answer->body.data, answer->body.length);
    struct MHD_Response *const response =
        MHD_create_response_from_buffer(answer->body.length, copy, MHD_RESPMEM_PERSISTENT);
    struct http_reply fields;

    if (!response)
        err_fatal("out of memory");
    http_reply_fields(&fields, r->link->tls, o->fields, o->field_count, answer);
    for (unsigned i = 0; i < fields.count; i++)
        MHD_add_response_header(response, fields.fields[i].name, fields.fields[i].value);
    return response;
}

void
server_give(struct request *r, const struct http_answer *answer)
{
    struct http_server *const s = r->server;

    r->response = make_response(r, answer);
    r->status = answer->status;
    if (guard_inside(s->guard) && r->inside) {
        r->phase = PHASE_ANSWER;
        return;
    }
    pthread_mutex_lock(&s->answered_lock);
    r->next = s->answered;
    s->answered = r;
    pthread_mutex_unlock(&s->answered_lock);
    guard_wake(s->guard);
}

static enum MHD_Result
give_response(struct request *r)
{
    if (guard_ends(r->link))
        MHD_add_response_header(r->response, "Connection", "close");

    const enum MHD_Result queued =
        MHD_queue_response(r->connection, (unsigned)r->status, r->response);

    MHD_destroy_response(r->response);
    r->phase = PHASE_DONE;
    r->link->status = r->status;
    guard_answering(r->link);
    return queued;
}

/* The body is whole. */
static void
serve(struct request *r)
{
    struct http_server *const s = r->server;

    r->phase = PHASE_SERVE;
    r->inside = true;
    if (!request_end_body(r)) {
        const struct http_answer answer =
            server_refusal(s, r->seen.arena, (struct http_fault){507, "storage"});

        http_answer(&r->seen, &answer);
    } else if (r->seen.route->slow) {
        http_workers_add(s->workers, r);
    } else {
        r->seen.route->serve(s->options.context, &r->seen);
    }
    r->inside = false;
}

static enum MHD_Result
on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
           const char *version, const char *data, size_t *length, void **own)
{
    struct request *r = *own;

    (void)context;
    (void)url;
    (void)method;
    (void)version;
    if (!r) {
        const union MHD_ConnectionInfo *const info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        struct guard_link *const l = info->socket_context;

        r = *own = l->request;
        r->connection = connection;
        return MHD_YES;
    }
    if (*length > 0) {
        request_take_body(r, data, *length);
        *length = 0;
        return MHD_YES;
    }
    if (r->phase == PHASE_BODY)
        serve(r);
    if (r->phase == PHASE_ANSWER)
        return give_response(r);
    MHD_suspend_connection(connection);
    return MHD_YES;
}

static void
on_completed(void *context, struct MHD_Connection *connection, void **own,
             enum MHD_RequestTerminationCode how)
{
    struct request *const r = *own;

    (void)context;
    (void)connection;
    (void)how;
    *own = NULL;
    if (r)
        guard_completed(r->link);
}

static void
on_connection(void *context, struct MHD_Connection *connection, void **own,
              enum MHD_ConnectionNotificationCode what)
{
    struct http_server *const s = context;

    (void)connection;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *own = s->attaching;
        s->attaching->inner = connection;
    } else if (*own) {
        guard_detached(*own);
    }
}

bool
server_attach(void *context, struct guard_link *l, int fd)
{
    struct http_server *const s = context;
    const struct sockaddr nobody = {.sa_family = AF_UNIX};

    s->attaching = l;
    return MHD_add_connection(s->daemon, fd, &nobody, sizeof nobody) == MHD_YES && l->inner;
}

bool
server_run(void *context)
{
    struct http_server *const s = context;
    MHD_UNSIGNED_LONG_LONG wait;

    MHD_run(s->daemon);
    return MHD_get_timeout(s->daemon, &wait) == MHD_YES && wait == 0;
}

/* Answers of other threads go on to libmicrohttpd, in the order in which they came. */
void
server_woken(void *context)
{
    struct http_server *const s = context;
    struct request *first = NULL;

    pthread_mutex_lock(&s->answered_lock);
    struct request *r = s->answered;
    s->answered = NULL;
    pthread_mutex_unlock(&s->answered_lock);

    while (r) {
        struct request *const older = r->next;

        r->next = first;
        first = r;
        r = older;
    }
    for (r = first; r; r = r->next) {
        r->phase = PHASE_ANSWER;
        MHD_resume_connection(r->connection);
    }
}

bool
server_start_daemon(struct http_server *s, struct err *e)
{
    const size_t memory = (size_t)s->options.caps.head_bytes + 16384;

    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        on_request, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory, MHD_OPTION_CONNECTION_LIMIT,
        s->options.caps.connections + 8, MHD_OPTION_CONNECTION_TIMEOUT, 0U,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    return s->daemon || err_set(e, ERR_RETRY, "libmicrohttpd does not start");
}

void
server_stop_daemon(struct http_server *s)
{
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
}

int
server_poll_fd(const struct http_server *s)
{
    return MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}
