/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * OpenSSL reads and writes through a BIO of our own over the stream, which knows whether the kernel
 * has anything to give.
 */
#include "common/http_tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { NAME_BYTES = 128 };

struct http_tls {
    unsigned users; /* who made it and every stream */
    SSL_CTX *context;
    BIO_METHOD *method;
    bool (*known)(void *context, const char *name);
    void *known_context;
};

/* ---- plain bytes ----------------------------------------------------------------------------- */

static ssize_t
fd_result(ssize_t n, size_t wanted, bool *ready)
{
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        *ready = false;
        return HTTP_STREAM_WAIT;
    }
    if (n < 0)
        return errno == EINTR ? HTTP_STREAM_WAIT : HTTP_STREAM_BROKEN;
    if ((size_t)n < wanted)
        *ready = false;
    return n;
}

/* Less than asked for means that the kernel has no more now; it will say when it has. */
static ssize_t
fd_read(struct http_stream *s, void *data, size_t length)
{
    if (!s->readable && !s->hung_up)
        return HTTP_STREAM_WAIT;
    return fd_result(recv(s->fd, data, length, 0), length, &s->readable);
}

static ssize_t
fd_write(struct http_stream *s, const void *data, size_t length)
{
    if (!s->writable)
        return HTTP_STREAM_WAIT;
    return fd_result(send(s->fd, data, length, MSG_NOSIGNAL), length, &s->writable);
}

/* ---- OpenSSL's side of the stream ------------------------------------------------------------ */

static int
bio_read(BIO *bio, char *data, int length)
{
    const ssize_t n = fd_read(BIO_get_data(bio), data, (size_t)length);

    BIO_clear_retry_flags(bio);
    if (n == HTTP_STREAM_WAIT)
        BIO_set_retry_read(bio);
    return n < 0 ? -1 : (int)n;
}

static int
bio_write(BIO *bio, const char *data, int length)
{
    const ssize_t n = fd_write(BIO_get_data(bio), data, (size_t)length);

    BIO_clear_retry_flags(bio);
    if (n == HTTP_STREAM_WAIT)
        BIO_set_retry_write(bio);
    return n < 0 ? -1 : (int)n;
}

static long
bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *
bio_method(void)
{
    BIO_METHOD *const m = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "stream of the guard");

    if (m) {
        BIO_meth_set_read(m, bio_read);
        BIO_meth_set_write(m, bio_write);
        BIO_meth_set_ctrl(m, bio_control);
    }
    return m;
}

/* ---- certificates ---------------------------------------------------------------------------- */

static bool
common_name(X509 *certificate, char *name, size_t size)
{
    const X509_NAME *const subject = certificate ? X509_get_subject_name(certificate) : NULL;
    const int length =
        subject ? X509_NAME_get_text_by_NID(subject, NID_commonName, name, (int)size) : -1;

    return length > 0 && (size_t)length < size - 1 && strlen(name) == (size_t)length;
}

/* The client's own certificate must also be of someone we know. */
static int
verify(int ok, X509_STORE_CTX *store)
{
    const SSL *const ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    const struct http_tls *const t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    char name[NAME_BYTES];

    if (!ok || X509_STORE_CTX_get_error_depth(store) > 0)
        return ok;
    if (common_name(X509_STORE_CTX_get_current_cert(store), name, sizeof name) &&
        (!t->known || t->known(t->known_context, name)))
        return 1;
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

/* A key behind a pass phrase is a mistake, not a reason to ask a terminal. */
static int
no_pass_phrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static bool
load_revoked(SSL_CTX *c, const char *file)
{
    X509_LOOKUP *const lookup =
        X509_STORE_add_lookup(SSL_CTX_get_cert_store(c), X509_LOOKUP_file());

    return lookup && X509_load_crl_file(lookup, file, X509_FILETYPE_PEM) > 0 &&
           X509_STORE_set_flags(SSL_CTX_get_cert_store(c), X509_V_FLAG_CRL_CHECK) == 1;
}

static bool
load_clients(SSL_CTX *c, const struct http_tls_options *o, struct err *e)
{
    if (!o->client_ca_file)
        return !o->client_certificate_required ||
               err_set(e, ERR_CONFIG, "client certificates are required but no CA for them is set");

    STACK_OF(X509_NAME) *const names = SSL_load_client_CA_file(o->client_ca_file);

    if (!names || SSL_CTX_load_verify_file(c, o->client_ca_file) != 1)
        return err_set(e, ERR_CONFIG, "%s: no certificates of a CA can be read", o->client_ca_file);
    SSL_CTX_set_client_CA_list(c, names);
    if (o->client_crl_file && !load_revoked(c, o->client_crl_file))
        return err_set(e, ERR_CONFIG, "%s: no list of revoked certificates can be read",
                       o->client_crl_file);
    SSL_CTX_set_verify(
        c, SSL_VERIFY_PEER | (o->client_certificate_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
        verify);
    return true;
}

static bool
load_own(SSL_CTX *c, const struct http_tls_options *o, struct err *e)
{
    SSL_CTX_set_default_passwd_cb(c, no_pass_phrase);
    if (SSL_CTX_use_certificate_chain_file(c, o->certificate_file) != 1)
        return err_set(e, ERR_CONFIG, "%s: no certificate can be read", o->certificate_file);
    if (SSL_CTX_use_PrivateKey_file(c, o->key_file, SSL_FILETYPE_PEM) != 1)
        return err_set(e, ERR_CONFIG, "%s: no key without pass phrase can be read", o->key_file);
    return SSL_CTX_check_private_key(c) == 1 ||
           err_set(e, ERR_CONFIG, "%s: the key is not that of %s", o->key_file,
                   o->certificate_file);
}

static void
set_up(struct http_tls *t)
{
    SSL_CTX *const c = t->context;

    SSL_CTX_set_app_data(c, t);
    SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION);
    SSL_CTX_set_options(c, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(c, 0);
    SSL_CTX_set_max_early_data(c, 0);
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(c, 1);
    SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

struct http_tls *
http_tls_new(const struct http_tls_options *o, struct err *e)
{
    struct http_tls *const t = calloc(1, sizeof *t);

    if (!t)
        err_fatal("out of memory");
    ERR_clear_error();
    t->users = 1;
    t->known = o->known;
    t->known_context = o->context;
    t->method = bio_method();
    t->context = SSL_CTX_new(TLS_server_method());
    if (!t->method || !t->context)
        err_fatal("out of memory");
    set_up(t);
    if (load_own(t->context, o, e) && load_clients(t->context, o, e))
        return t;
    ERR_clear_error();
    http_tls_free(t);
    return NULL;
}

void
http_tls_free(struct http_tls *t)
{
    if (!t || --t->users > 0)
        return;
    SSL_CTX_free(t->context);
    BIO_meth_free(t->method);
    free(t);
}

/* ---- streams --------------------------------------------------------------------------------- */

bool
http_stream_open(struct http_stream *s, int fd, struct http_tls *tls)
{
    *s = (struct http_stream){.fd = fd, .readable = true, .writable = true};
    if (!tls)
        return true;

    SSL *const ssl = SSL_new(tls->context);
    BIO *const bio = ssl ? BIO_new(tls->method) : NULL;

    if (!bio) {
        SSL_free(ssl);
        return false;
    }
    BIO_set_data(bio, s);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_accept_state(ssl);
    s->ssl = ssl;
    s->tls = tls;
    tls->users++;
    return true;
}

static ssize_t
ssl_result(const SSL *ssl, int done)
{
    switch (SSL_get_error(ssl, done)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return HTTP_STREAM_WAIT;
    case SSL_ERROR_ZERO_RETURN:
        return HTTP_STREAM_END;
    default:
        return HTTP_STREAM_BROKEN;
    }
}

int
http_stream_handshake(struct http_stream *s)
{
    if (!s->ssl)
        return 1;
    ERR_clear_error();

    const int done = SSL_do_handshake(s->ssl);

    return done == 1                                      ? 1
           : ssl_result(s->ssl, done) == HTTP_STREAM_WAIT ? HTTP_STREAM_WAIT
                                                          : HTTP_STREAM_BROKEN;
}

ssize_t
http_stream_read(struct http_stream *s, void *data, size_t length)
{
    if (!s->ssl)
        return fd_read(s, data, length);
    ERR_clear_error();

    const int n = SSL_read(s->ssl, data, length < INT32_MAX ? (int)length : INT32_MAX);

    return n > 0 ? n : ssl_result(s->ssl, n);
}

ssize_t
http_stream_write(struct http_stream *s, const void *data, size_t length)
{
    if (!s->ssl)
        return fd_write(s, data, length);
    ERR_clear_error();

    const int n = SSL_write(s->ssl, data, length < INT32_MAX ? (int)length : INT32_MAX);

    return n > 0 ? n : ssl_result(s->ssl, n);
}

void
http_stream_end(struct http_stream *s)
{
    ERR_clear_error();
    if (s->ssl && SSL_is_init_finished(s->ssl))
        SSL_shutdown(s->ssl);
    shutdown(s->fd, SHUT_WR);
}

void
http_stream_reset(struct http_stream *s)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void
http_stream_close(struct http_stream *s)
{
    SSL_free(s->ssl);
    http_tls_free(s->tls);
    s->ssl = NULL;
    s->tls = NULL;
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

const char *
http_stream_fault(void)
{
    const char *const reason = ERR_reason_error_string(ERR_peek_error());

    return reason ? reason : "connection closed";
}

bool
http_stream_certificate(const struct http_stream *s, char *name, size_t size)
{
    X509 *const certificate = s->ssl ? SSL_get1_peer_certificate(s->ssl) : NULL;
    const bool found = certificate && SSL_get_verify_result(s->ssl) == X509_V_OK &&
                       common_name(certificate, name, size);

    X509_free(certificate);
    return found;
}
