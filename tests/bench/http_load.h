/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Between http_load.c (connections, report, options), http_load_request.c (what is sent) and
 * http_load_echo.c (a service of its own to send it to).
 */
#ifndef MAATSTAF_TESTS_BENCH_HTTP_LOAD_H
#define MAATSTAF_TESTS_BENCH_HTTP_LOAD_H

#include "common/arena.h"
#include "common/str.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { ANSWER_MOST = 65536, BODY_MOST = 65536 };

struct load {
    const char *address, *method, *path, *body_file, *line_file, *fields[16];
    unsigned port, connections, field_count;
    double seconds;
    bool tls, echo, later;
    unsigned group; /* answers at a time, of --later */
    const char *certificate, *key;

    char *request; /* head and body */
    size_t length;
    size_t marks[64]; /* where numbers go */
    unsigned mark_count;
    uint64_t number;    /* of the next request, or its line */
    struct span *lines; /* of line_file */
    size_t line_count;
    struct strbuf *scratch;

    SSL_CTX *context;
    float *latencies;
    size_t latency_count;
    uint64_t statuses[600], broken, answered;
    double until;
};

struct client {
    int fd;
    SSL *ssl;
    char *request;
    size_t length, sent;
    bool idle; /* no line is left */
    char answer[ANSWER_MOST];
    size_t got, whole; /* whole: bytes of the answer, when its head is known */
    double begun;
};

void die(const char *what);

void make_request(struct arena *a, struct load *l);
void next_request(struct load *l, struct client *c); /* into c->request, or c is idle */

pid_t start_echo(struct load *l); /* a child process; sets l->port */

#endif
