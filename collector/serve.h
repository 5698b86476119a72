/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `maatstaf collector serve`: registrations, batches and counts over HTTP. It opens what the parts
 * need (port, database, spool, keys), ties them together and ends them in order; what a request
 * means is in serve_*.c, durability in commit.h and spool.h, bytes in common/http_server.h.
 */
#ifndef MAATSTAF_COLLECTOR_SERVE_H
#define MAATSTAF_COLLECTOR_SERVE_H

#include "common/option.h"

#define SERVE_OPTIONS(X)                                                                           \
    X(TEXT, listen, "listen", "ADDRESS:PORT", "127.0.0.1:8080",                                    \
      "where to listen; port 0 takes a free one; without TLS only a loopback address")             \
    X(TEXT, tls_cert, "tls-cert", "FILE", NULL,                                                    \
      "certificate of the service, with its chain (PEM)")                                          \
    X(TEXT, tls_key, "tls-key", "FILE", NULL, "private key of the certificate (PEM)")              \
    X(TEXT, client_ca, "client-ca", "FILE", NULL,                                                  \
      "authorities whose client certificates are taken as an identity (PEM)")                      \
    X(TEXT, client_crl, "client-crl", "FILE", NULL, "client certificates that were revoked (PEM)") \
    X(FLAG, client_required, "client-required", NULL, NULL,                                        \
      "no connection without a known client certificate")                                          \
    X(TEXT, host, "host", "NAME,…", NULL, "names of the service that Host may have; else any")     \
    X(TEXT, spool, "spool", "DIR", NULL,                                                           \
      "folder for what cannot be stored yet, best on a disk of its own (default HOME/spool)")      \
    X(INT, spool_most, "spool-most", "MIB", "8192", "most that the spool may hold")                \
    X(INT, spool_floor, "spool-floor", "MIB", "256", "room to leave on the disk of the spool")     \
    X(INT, store_timeout, "store-timeout", "SECONDS", "5",                                         \
      "most that the database may take for a group of posts before they go to the spool")          \
    X(INT, connections, "connections", "N", "512", "connections at once")                          \
    X(INT, per_client, "per-client", "N", "128", "connections of one address at once")             \
    X(INT, in_flight, "in-flight", "MIB", "32", "bodies in memory at once")                        \
    X(INT, batch_most, "batch-most", "MIB", "256", "most that one batch may have")                 \
    X(INT, token_rate, "token-rate", "N", "20000", "requests a second that one identity may make") \
    X(INT, guesses, "guesses", "N", "20",                                                          \
      "requests a minute without a valid identity that an address may make before it gets 429")

OPTION_STRUCT(serve_options, SERVE_OPTIONS);

/* Serves until SIGTERM or SIGINT; SIGHUP reads identities, certificates and reference data anew.
 * The exit status. */
int serve_run(const struct program *p, struct arena *a, const struct serve_options *o);

#endif
