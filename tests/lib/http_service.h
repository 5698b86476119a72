/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A service with a few routes, a raw client for it, and good requests that run beside a test. For
 * one service a process: Check forks for each test.
 *
 *   POST /v1/echo  (json, 1024 bytes)    the body        GET /v1/things/{id} ?from=&to=   {"id":…}
 *   POST /v1/late  (json, 1024 bytes)    the same, answered by another thread
 *   POST /v1/file  (x-ndjson, 4 MiB)     {"bytes":…,"sum":…} of the file
 *   GET  /v1/large                       8 MiB           GET /v1/slow   in a worker, after 50 ms
 *   POST /v1/closed (json, 1024 bytes)   401 unless "Authorization: Bearer good"
 *   PUT  /v1/held  (json, 1024 bytes)    answered when service_release() is called
 */
#ifndef MAATSTAF_TESTS_HTTP_SERVICE_H
#define MAATSTAF_TESTS_HTTP_SERVICE_H

#include "common/http_server.h"

#include <openssl/ssl.h>
#include <stdatomic.h>

/* Options with the routes in them; the test changes them, then starts. */
struct http_server_options service_options(void);
struct http_server *service_start(const struct http_server_options *options);
void service_stop(void);
unsigned service_port(void);
unsigned service_served(void);  /* requests that reached a handler, those running beside not */
const char *service_last(void); /* client address and certificate that a handler saw last */
void service_release(void);
unsigned service_held(void); /* requests that wait for it */

/* A counter of the server, waited for until it is `least`; fails after two seconds. */
#define SERVICE_AWAIT(member, least)                                                               \
    do {                                                                                           \
        struct http_counters counted_ = {0};                                                       \
        for (int i_ = 0; i_ < 200 && counted_.member < (least); i_++) {                            \
            http_server_counters(service_server(), &counted_);                                     \
            service_sleep(10);                                                                     \
        }                                                                                          \
        ck_assert_uint_ge(counted_.member, (least));                                               \
    } while (0)
struct http_server *service_server(void);
void service_sleep(unsigned ms);

/* ---- a raw client ---------------------------------------------------------------------------- */

struct raw {
    int fd;
    SSL *ssl;
    char bytes[1 << 16]; /* what came and was not looked at */
    size_t got;
};

struct raw raw_open(void);                     /* fd -1: not taken */
struct raw raw_open_from(const char *address); /* as raw_open, of an IPv4 address of our own */
struct raw raw_socket(void);                   /* to be connected later */
bool raw_connect(struct raw *r);               /* false: not taken, closed */
bool raw_send(struct raw *r, const void *data, size_t length);
bool raw_text(struct raw *r, const char *text);

/* One whole answer. Its status, or 0 when the connection ended or nothing came in time. */
int raw_answer(struct raw *r, struct span *head, struct span *body, unsigned timeout_ms);
bool raw_ended(struct raw *r, unsigned timeout_ms); /* the peer closed, nothing more came */
void raw_close(struct raw *r);

/* ---- good requests beside -------------------------------------------------------------------- */

/* They come from 127.0.0.2, or from ::1 when the service is there. */
void beside_start(SSL_CTX *tls); /* NULL: plain */
void beside_stop(void);          /* fails unless all of at least ten were answered with 200 */

/* ---- many that go on through an end ---------------------------------------------------------- */

/* Six clients ask /v1/late without pause, and anew when their connection ends. */
struct hammered {
    atomic_uint connections, answered, cut; /* cut: a part of an answer came and no more */
};
void hammer_start(SSL_CTX *tls);
const struct hammered *hammer_seen(void);
void hammer_stop(void); /* fails unless what reached a handler was answered, all of it */

#endif
