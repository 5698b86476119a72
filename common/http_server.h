/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An HTTP/1.1 service: routes in a table, a request each time its whole body is there, one answer
 * for each, from any thread. In front stands the guard (http_guard.h): TLS 1.3, strict reading of
 * every head, caps and absolute deadlines. It knows nothing of identities or documents: the caller
 * admits requests and words the refusals. No value of a URI, field or body is ever logged.
 *
 * admit() and serve() run in the server's one thread and must not wait: hand on, answer later. A
 * route that must wait (a query) says `slow`: its serve() runs in one of a few worker threads.
 */
#ifndef MAATSTAF_COMMON_HTTP_SERVER_H
#define MAATSTAF_COMMON_HTTP_SERVER_H

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"

#include <stdbool.h>
#include <stdint.h>

struct http_server;
struct http_request;

struct http_field {
    const char *name, *value;
};

struct http_route {
    const char *method;
    const char *path;   /* "/v1/stops/{source}/{recordNo}"; a part in braces is a parameter */
    const char *media;  /* of the body: "application/json"; NULL: no body allowed */
    uint64_t body_most; /* bytes of the body, codings taken off */
    bool body_to_file;  /* into a file of options.folder, removed after the answer */
    const char *query;  /* allowed keys, separated by spaces; NULL: none */
    bool open;          /* no identity needed; for admit() to read */
    bool slow;          /* serve() may wait */
    void (*serve)(void *context, struct http_request *r);
};

/* Valid until http_answer(r) has been called; then the caller must not touch it any more. */
struct http_request {
    struct arena *arena; /* the request's; only the thread that has the request uses it */
    const struct http_route *route;
    const char *client;        /* numeric address of the peer; no header changes it */
    const char *certificate;   /* CN of the verified client certificate, or NULL */
    struct span authorization; /* value of the field as sent, syntax checked; empty: none */
    struct span body;          /* in memory, NUL-terminated after its length; empty: none */
    const char *body_file;     /* of a body_to_file route; may be renamed away by the caller */
    uint64_t body_bytes;
    void *identity; /* the caller's own */
};

struct http_answer {
    int status;
    const char *media; /* of the body; NULL: no Content-Type */
    struct span body;
    const struct http_field *fields;
    unsigned field_count;
};

/* A parameter of the path or the query, percent-decoded, valid UTF-8; NULL: not there. */
const char *http_parameter(const struct http_request *r, const char *name);

/* A header field's value by its name in small letters; NULL: not there. Of a repeated field the
 * first. */
const char *http_header(const struct http_request *r, const char *name);

/* Answers; exactly once for each request, from any thread. Everything is copied. */
void http_answer(struct http_request *r, const struct http_answer *answer);

/* Absolute deadlines in milliseconds. 0: the default in brackets. */
struct http_deadlines {
    unsigned head_ms;   /* [10000] from connecting or from a head's first byte to its last */
    unsigned body_ms;   /* [30000] from the head's end to the body's */
    unsigned answer_ms; /* [30000] from the answer's first byte to its last read by the client */
    unsigned idle_ms;   /* [60000] between two requests */
};

/* 0: the default in brackets. */
struct http_caps {
    unsigned connections; /* [512] open at once; more are closed at once */
    unsigned per_client;  /* [128] of one IPv4 address or IPv6 /64 */
    unsigned head_bytes;  /* [16384] of a request head: 431 */
    unsigned uri_bytes;   /* [2048]: 414 */
    unsigned fields;      /* [48] of a head: 431 */
    unsigned body_files;  /* [8] bodies in files at once: 503 */
    uint64_t in_flight;   /* [32 MiB] of bodies in memory at once: 503 */
};

struct http_server_options {
    const char *address; /* numeric; NULL: 127.0.0.1. Without TLS only a loopback address */
    unsigned port;       /* 0: any free one; http_server_port() tells which */
    const char *certificate_file, *key_file; /* PEM; both NULL: plain HTTP */
    const char *client_ca_file;              /* PEM; NULL: no client certificates */
    const char *client_crl_file;             /* PEM; NULL: none */
    bool client_certificate_required;
    const char *const *hosts; /* accepted Host names without port, NULL at the end; NULL: any */
    const char *folder;       /* for bodies in files; NULL: no route may have body_to_file */
    struct http_caps caps;
    struct http_deadlines deadlines;
    unsigned workers;                /* threads for slow routes; 0: 2 */
    const struct http_field *fields; /* on every answer, also refusals: "API-Version" */
    unsigned field_count;

    const struct http_route *routes; /* these arrays are the caller's and stay */
    unsigned route_count;

    /* A client certificate with this name may connect; NULL: any that the CA signed. */
    bool (*known)(void *context, const char *name);

    /* The head is known, the body is not read. False: it has answered (401, 403, 429, …). */
    bool (*admit)(void *context, struct http_request *r);

    /*
     * The document of a refusal by the server itself; NULL: none. Codes: "syntax" (400), "framing"
     * (400, 411, 501), "host" (400, 421), "parameter" (400), "not-found" (404), "method" (405,
     * 501), "too-slow" (408), "too-large" (413), "uri-too-long" (414), "media" (415),
     * "expectation" (417), "head-too-large" (431), "busy" (503, with Retry-After), "version" (505),
     * "storage" (507: the body's file cannot be written). Runs in the server's thread.
     */
    void (*problem)(void *context, int status, const char *code, struct strbuf *body);
    const char *problem_media; /* NULL: "application/problem+json" */

    void *context; /* of serve, known, admit and problem */
};

/*
 * Opens the port and starts the threads; the server lives until http_server_stop, not longer than
 * the arena. NULL: ERR_CONFIG (address, certificate, limit of files) or ERR_RETRY (port in use).
 */
struct http_server *http_server_start(struct arena *a, const struct http_server_options *options,
                                      struct err *e);
unsigned http_server_port(const struct http_server *s);

/* Reads the certificate files anew. Connections made before end after the answer at hand. False:
 * the old ones stay in force. */
bool http_server_reload(struct http_server *s, struct err *e);

/* Takes no more connections, ends idle ones, lets requests at hand be answered. True when nothing
 * was left before the time was over. */
bool http_server_drain(struct http_server *s, unsigned timeout_ms);

/* Closes everything. No request may be with the caller any more, except those that it answers
 * while this waits for them. */
void http_server_stop(struct http_server *s);

enum { HTTP_DURATIONS = 12 };

/* What was counted since the start; "now" are levels. */
struct http_counters {
    uint64_t connections_now, connections, over_cap, over_client_cap, handshakes_failed;
    uint64_t requests, answers[6]; /* by the status' first digit; [0]: client gone before it */
    uint64_t refused;              /* answers of the server itself, of whatever status */
    uint64_t too_slow;             /* closed at a deadline */
    uint64_t bytes_in, bytes_out;  /* of requests and answers, without TLS */
    uint64_t requests_now, body_bytes_now, body_bytes_peak;
    uint64_t durations[HTTP_DURATIONS + 1]; /* head's end to the answer's last byte */
    double duration_sum;                    /* seconds */
};
extern const double http_duration_bounds[HTTP_DURATIONS]; /* seconds, upper bounds, inclusive */

void http_server_counters(const struct http_server *s, struct http_counters *counters);

#endif
