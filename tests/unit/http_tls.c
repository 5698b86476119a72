/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who gets through the handshake (H23), what becomes of plain HTTP on a TLS port (H24), and what a
 * reload does. Good clients run beside. TLS 1.3 knows no renegotiation; a client that would is one
 * of TLS 1.2, and that is refused.
 */
#include "common/http_server.h"

#include "common/clock.h"
#include "common/log.h"
#include "tests/lib/capture.h"
#include "tests/lib/http_certificates.h"
#include "tests/lib/http_service.h"

#include <check.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

Suite *http_tls_suite(void);

#define GOOD                                                                                       \
    "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"              \
    "Content-Length: 2\r\n\r\n{}"

enum who { NOBODY, SOURCE, STRANGER, EXPIRED, FUTURE, OTHER_CA, SELF_SIGNED, REVOKED, WHO };

static char folder[] = "/tmp/maatstaf-tls-XXXXXX";
static char server_file[64], key_file[64], ca_file[64], revoked_file[64];
static struct identity ca, other_ca, server, people[WHO];
static SSL_CTX *beside_context;
static struct raw *client;

static bool
known(void *context, const char *name)
{
    (void)context;
    return strcmp(name, "politie-haaglanden") == 0 || strcmp(name, "beside") == 0;
}

static struct http_server_options
options_with(bool required)
{
    struct http_server_options o = service_options();

    o.certificate_file = server_file;
    o.key_file = key_file;
    o.client_ca_file = ca_file;
    o.client_crl_file = revoked_file;
    o.client_certificate_required = required;
    o.known = known;
    return o;
}

/* NULL: no certificate. */
static SSL_CTX *
context_of(const struct identity *i)
{
    SSL_CTX *const c = SSL_CTX_new(TLS_client_method());

    SSL_CTX_set_security_level(c, 0); /* what we offer is for the server to refuse */
    if (i && i->certificate) {
        SSL_CTX_use_certificate(c, i->certificate);
        SSL_CTX_use_PrivateKey(c, i->key);
    }
    return c;
}

static void
setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(server_file, sizeof server_file, "%s/server.pem", folder);
    snprintf(key_file, sizeof key_file, "%s/server.key", folder);
    snprintf(ca_file, sizeof ca_file, "%s/ca.pem", folder);
    snprintf(revoked_file, sizeof revoked_file, "%s/revoked.pem", folder);
    ca = identity_new("authority", NULL, -10, 10);
    other_ca = identity_new("authority", NULL, -10, 10); /* of the same name */
    server = identity_new("localhost", &ca, -1, 1);
    people[SOURCE] = identity_new("politie-haaglanden", &ca, -1, 1);
    people[STRANGER] = identity_new("somebody", &ca, -1, 1);
    people[EXPIRED] = identity_new("politie-haaglanden", &ca, -9, -1);
    people[FUTURE] = identity_new("politie-haaglanden", &ca, 1, 9);
    people[OTHER_CA] = identity_new("politie-haaglanden", &other_ca, -1, 1);
    people[SELF_SIGNED] = identity_new("politie-haaglanden", NULL, -1, 1);
    people[REVOKED] = identity_new("politie-haaglanden", &ca, -1, 1);
    identity_write(&server, server_file, key_file);
    identity_write(&ca, ca_file, NULL);
    revoked_write(&ca, &people[REVOKED], revoked_file);
    client = calloc(1, sizeof *client);
}

static void
begin(bool required)
{
    struct identity beside = identity_new("beside", &ca, -1, 1);
    const struct http_server_options options = options_with(required);

    service_start(&options);
    beside_context = context_of(&beside);
    beside_start(beside_context);
    identity_free(&beside);
}

static void
teardown(void)
{
    beside_stop();
    raw_close(client);
    service_stop();
    SSL_CTX_free(beside_context);
    for (int i = 0; i < WHO; i++)
        identity_free(&people[i]);
    identity_free(&ca);
    identity_free(&other_ca);
    identity_free(&server);
    unlink(server_file);
    unlink(key_file);
    unlink(ca_file);
    unlink(revoked_file);
    rmdir(folder);
    free(client);
}

/* Connects, shakes hands, sends a request: the status, 0 when any of it fails. */
static int
try(SSL_CTX *context, struct span *head)
{
    const struct timeval limit = {.tv_sec = 3};

    *client = raw_open();
    ck_assert_int_ge(client->fd, 0);
    setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    client->ssl = SSL_new(context);
    SSL_set_fd(client->ssl, client->fd);
    ERR_clear_error();
    if (SSL_connect(client->ssl) != 1 || !raw_text(client, GOOD))
        return 0;
    return raw_answer(client, head, NULL, 3000);
}

/* ---- handshakes ------------------------------------------------------------------------------ */

static const struct {
    const char *what;
    enum who who;
    int version;     /* the newest that the client speaks */
    bool needs_none; /* gets in where certificates are optional */
    bool needs_one;  /* gets in where they are required */
} handshakes[] = {
    {"a known source", SOURCE, TLS1_3_VERSION, true, true},
    {"nobody", NOBODY, TLS1_3_VERSION, true, false},
    {"a stranger of the right CA", STRANGER, TLS1_3_VERSION, false, false},
    {"expired", EXPIRED, TLS1_3_VERSION, false, false},
    {"not valid yet", FUTURE, TLS1_3_VERSION, false, false},
    {"another CA", OTHER_CA, TLS1_3_VERSION, false, false},
    {"signed by itself", SELF_SIGNED, TLS1_3_VERSION, false, false},
    {"revoked", REVOKED, TLS1_3_VERSION, false, false},
    {"TLS 1.2", SOURCE, TLS1_2_VERSION, false, false},
    {"TLS 1.1", SOURCE, TLS1_1_VERSION, false, false},
    {"TLS 1.0", SOURCE, TLS1_VERSION, false, false},
};

static void
check_handshake(int i, bool required)
{
    const bool in = required ? handshakes[i].needs_one : handshakes[i].needs_none;
    SSL_CTX *const context = context_of(&people[handshakes[i].who]);
    struct span head;

    begin(required);
    SSL_CTX_set_max_proto_version(context, handshakes[i].version);
    ck_assert_msg(try(context, &head) == (in ? 200 : 0), "%s, %s", handshakes[i].what,
                  required ? "required" : "optional");
    if (in) {
        ck_assert_str_eq(service_last(), handshakes[i].who == SOURCE
                                             ? "127.0.0.1 politie-haaglanden"
                                             : "127.0.0.1 -");
        ck_assert_ptr_nonnull(strstr(head.data, "Strict-Transport-Security: max-age=31536000\r\n"));
    } else {
        SERVICE_AWAIT(handshakes_failed, 1);
        ck_assert_uint_eq(service_served(), 0);
    }
    SSL_CTX_free(context);
}

START_TEST(only_good_certificates_pass_where_they_are_required)
{
    check_handshake(_i, true);
}
END_TEST

START_TEST(no_bad_certificate_passes_where_they_are_optional)
{
    check_handshake(_i, false);
}
END_TEST

/* Nothing to resume with, so nothing to replay before the handshake is done. */
START_TEST(no_session_is_resumed_and_no_early_data_taken)
{
    SSL_CTX *const context = context_of(&people[SOURCE]);

    begin(true);
    ck_assert_int_eq(try(context, NULL), 200);

    SSL_SESSION *const session = SSL_get1_session(client->ssl);

    ck_assert(!SSL_SESSION_is_resumable(session));
    ck_assert_uint_eq(SSL_SESSION_get_max_early_data(session), 0);
    SSL_SESSION_free(session);
    SSL_CTX_free(context);
}
END_TEST

/* New keys in mid-connection are TLS 1.3's own and do no harm. */
START_TEST(new_keys_in_mid_connection_are_taken)
{
    SSL_CTX *const context = context_of(&people[SOURCE]);

    begin(true);
    ck_assert_int_eq(try(context, NULL), 200);
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(SSL_key_update(client->ssl, SSL_KEY_UPDATE_REQUESTED), 1);
        ck_assert(raw_text(client, GOOD));
        ck_assert_int_eq(raw_answer(client, NULL, NULL, 3000), 200);
    }
    ck_assert_int_eq(SSL_renegotiate(client->ssl), 0);
    SSL_CTX_free(context);
}
END_TEST

START_TEST(a_body_in_small_records_comes_whole)
{
    SSL_CTX *const context = context_of(&people[SOURCE]);
    struct span body;

    begin(true);
    ck_assert_int_eq(try(context, NULL), 200);
    for (const char *c = GOOD; *c; c++)
        ck_assert(raw_send(client, c, 1));
    ck_assert_int_eq(raw_answer(client, NULL, &body, 3000), 200);
    ck_assert(span_is(body, "{}"));
    SSL_CTX_free(context);
}
END_TEST

/* ---- not TLS --------------------------------------------------------------------------------- */

static const struct span not_tls[] = {
    {GOOD, sizeof GOOD - 1},          {"GET / HTTP/1.1\r\n\r\n", 18},
    {"\x16\x03\x01\xff\xff\x01", 6},  {"\x80\x2e\x01\x03\x01", 5}, /* SSL 2 */
    {"\0\0\0\0\0\0\0\0\0\0\0\0", 12},
};

START_TEST(what_is_not_tls_is_closed_without_an_answer)
{
    char bytes[512];
    size_t got = 0;
    ssize_t n;

    begin(false);
    *client = raw_open();
    ck_assert(raw_send(client, not_tls[_i].data, not_tls[_i].length));
    while (got < sizeof bytes && (n = recv(client->fd, bytes + got, sizeof bytes - got, 0)) > 0)
        got += (size_t)n;
    ck_assert_uint_lt(got, 16); /* an alert of seven bytes at most */
    for (size_t i = 0; i + 4 <= got; i++)
        ck_assert(memcmp(bytes + i, "HTTP", 4) != 0);
    ck_assert_uint_eq(service_served(), 0);
}
END_TEST

START_TEST(failed_handshakes_do_not_fill_the_log)
{
    static struct capture caught;
    const double begun = clock_seconds();
    unsigned lines = 0, sum = 0;

    begin(false);
    log_set_level(LOG_INFO);
    capture_start(&caught);
    for (int i = 0; i < 200; i++) {
        *client = raw_open();
        raw_text(client, GOOD);
        raw_close(client);
    }
    SERVICE_AWAIT(handshakes_failed, 200);
    service_sleep(1300);
    capture_end(&caught);
    log_set_level(LOG_WARNING);
    for (const char *at = caught.err; (at = strstr(at, "info handshake failed count="));) {
        at += strlen("info handshake failed count=");
        sum += (unsigned)strtoul(at, NULL, 10);
        lines++;
    }
    ck_assert_uint_eq(sum, 200);
    ck_assert_uint_le(lines, (unsigned)(clock_seconds() - begun) + 2);
    ck_assert_ptr_nonnull(strstr(caught.err, "reason=\"http request\""));
}
END_TEST

/* ---- reload ---------------------------------------------------------------------------------- */

static bool
shown_is(const struct identity *i)
{
    X509 *const shown = SSL_get1_peer_certificate(client->ssl);
    const bool same = shown && X509_cmp(shown, i->certificate) == 0;

    X509_free(shown);
    return same;
}

START_TEST(a_reload_counts_from_the_next_connection)
{
    SSL_CTX *const context = context_of(&people[SOURCE]);
    struct identity renewed = identity_new("localhost", &ca, -1, 2);
    struct err e;

    begin(true);
    beside_stop(); /* its connections would be ended */
    ck_assert_int_eq(try(context, NULL), 200);
    ck_assert(shown_is(&server));
    identity_write(&renewed, server_file, key_file);
    revoked_write(&ca, &people[SOURCE], revoked_file);
    ck_assert(http_server_reload(service_server(), &e));
    ck_assert(raw_ended(client, 2000)); /* it was idle */
    raw_close(client);
    ck_assert_int_eq(try(context, NULL), 0); /* revoked meanwhile */
    raw_close(client);
    revoked_write(&ca, NULL, revoked_file);
    ck_assert(http_server_reload(service_server(), &e));
    ck_assert_int_eq(try(context, NULL), 200);
    ck_assert(shown_is(&renewed));
    identity_free(&renewed);
    SSL_CTX_free(context);
    beside_start(beside_context);
}
END_TEST

START_TEST(a_reload_under_load_cuts_no_answer)
{
    SSL_CTX *const context = context_of(&people[SOURCE]);
    struct err e;

    begin(true);
    beside_stop(); /* its connections would be ended */
    hammer_start(context);
    for (unsigned i = 1; i <= 10; i++) {
        for (int j = 0; j < 500 && hammer_seen()->answered < 20 * i; j++)
            service_sleep(5);
        ck_assert(http_server_reload(service_server(), &e));
    }
    hammer_stop();
    ck_assert_uint_ge(hammer_seen()->answered, 200);
    ck_assert_uint_ge(hammer_seen()->connections, 12); /* reloads did end some */
    SSL_CTX_free(context);
    beside_start(beside_context);
}
END_TEST

START_TEST(a_reload_of_nothing_good_changes_nothing)
{
    SSL_CTX *const context = context_of(&people[SOURCE]);
    struct err e;

    begin(true);
    identity_write(&people[STRANGER], server_file, NULL); /* the key is another's */
    ck_assert(!http_server_reload(service_server(), &e));
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_ptr_nonnull(strstr(e.text, key_file));
    ck_assert_int_eq(try(context, NULL), 200);
    ck_assert(shown_is(&server));
    SSL_CTX_free(context);
}
END_TEST

/* ---- what does not start --------------------------------------------------------------------- */

START_TEST(without_good_files_it_does_not_start)
{
    struct http_server_options wrong[6] = {options_with(true), options_with(true),
                                           options_with(true), options_with(true),
                                           options_with(true), service_options()};
    struct arena *const a = arena_new();
    struct err e;

    begin(true);
    wrong[0].certificate_file = "/nonexistent";
    wrong[1].key_file = ca_file;
    wrong[2].client_ca_file = NULL;
    wrong[3].client_ca_file = "/dev/null";
    wrong[4].client_crl_file = "/dev/null";
    wrong[5].address = "0.0.0.0"; /* plain HTTP */
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_ptr_null(http_server_start(a, &wrong[i], &e));
        ck_assert_int_eq(e.code, ERR_CONFIG);
    }
    wrong[5].address = "127.0.0.1";
    wrong[5].port = service_port(); /* in use */
    ck_assert_ptr_null(http_server_start(a, &wrong[5], &e));
    ck_assert_int_eq(e.code, ERR_RETRY);
    arena_free(a);
}
END_TEST

Suite *
http_tls_suite(void)
{
    Suite *const s = suite_create("http_tls");
    TCase *const t = tcase_create("http_tls");
    const int count = (int)(sizeof handshakes / sizeof *handshakes);

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 30);
    tcase_add_loop_test(t, only_good_certificates_pass_where_they_are_required, 0, count);
    tcase_add_loop_test(t, no_bad_certificate_passes_where_they_are_optional, 0, count);
    tcase_add_test(t, no_session_is_resumed_and_no_early_data_taken);
    tcase_add_test(t, new_keys_in_mid_connection_are_taken);
    tcase_add_test(t, a_body_in_small_records_comes_whole);
    tcase_add_loop_test(t, what_is_not_tls_is_closed_without_an_answer, 0,
                        (int)(sizeof not_tls / sizeof *not_tls));
    tcase_add_test(t, failed_handshakes_do_not_fill_the_log);
    tcase_add_test(t, a_reload_under_load_cuts_no_answer);
    tcase_add_test(t, a_reload_counts_from_the_next_connection);
    tcase_add_test(t, a_reload_of_nothing_good_changes_nothing);
    tcase_add_test(t, without_good_files_it_does_not_start);
    suite_add_tcase(s, t);
    return s;
}
