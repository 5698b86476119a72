/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A client's connection as a stream of bytes that never waits: plain, or TLS 1.3 ended by OpenSSL.
 * It remembers what the kernel said about readiness, so that no call is made in vain. No session
 * is resumed and no early data taken: each connection shows its certificate.
 */
#ifndef MAATSTAF_COMMON_HTTP_TLS_H
#define MAATSTAF_COMMON_HTTP_TLS_H

#include "common/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct http_tls;

struct http_tls_options {
    const char *certificate_file, *key_file, *client_ca_file, *client_crl_file;
    bool client_certificate_required;
    bool (*known)(void *context, const char *name); /* NULL: any name */
    void *context;
};

/* NULL: ERR_CONFIG, naming the file. The options are copied, their texts are read only here. */
struct http_tls *http_tls_new(const struct http_tls_options *options, struct err *e);
void http_tls_free(struct http_tls *t); /* NULL allowed; streams made with it go on, same thread */

struct http_stream {
    int fd;
    void *ssl; /* NULL: plain */
    struct http_tls *tls;
    bool readable, writable; /* as the kernel last said */
    bool hung_up;            /* the peer has ended its side: reading goes on to the end */
};

/* What reading, writing and the handshake give beside a count of bytes. */
enum { HTTP_STREAM_END = 0, HTTP_STREAM_WAIT = -1, HTTP_STREAM_BROKEN = -2 };

/* Takes fd over, which must not block; s must not move. False: no memory; fd is the caller's. */
bool http_stream_open(struct http_stream *s, int fd, struct http_tls *tls);
int http_stream_handshake(struct http_stream *s); /* 1: done (at once when plain) */
ssize_t http_stream_read(struct http_stream *s, void *data, size_t length);
ssize_t http_stream_write(struct http_stream *s, const void *data, size_t length);
void http_stream_end(struct http_stream *s);   /* tells the peer that nothing follows */
void http_stream_reset(struct http_stream *s); /* close will forget what was not sent yet */
void http_stream_close(struct http_stream *s); /* twice does no harm */

/* Why the handshake failed, without anything that the peer wrote. */
const char *http_stream_fault(void);

/* The CN of the verified client certificate; false when there is none. */
bool http_stream_certificate(const struct http_stream *s, char *name, size_t size);

#endif
