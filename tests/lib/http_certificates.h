/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Certificates made for a test: authorities, servers and clients, in date or not, and lists of
 * revoked ones; as PEM files in a folder of the test.
 */
#ifndef MAATSTAF_TESTS_HTTP_CERTIFICATES_H
#define MAATSTAF_TESTS_HTTP_CERTIFICATES_H

#include <openssl/evp.h>
#include <openssl/x509.h>

struct identity {
    EVP_PKEY *key;
    X509 *certificate;
};

/* Issued by `issuer` (NULL: an authority that signs itself), valid from now for days. */
struct identity identity_new(const char *name, const struct identity *issuer, long from_day,
                             long to_day);
void identity_free(struct identity *i);
void identity_write(const struct identity *i, const char *certificate_file, const char *key_file);

/* A list of the authority's with one certificate on it (NULL: none). */
void revoked_write(const struct identity *issuer, const struct identity *revoked, const char *file);

#endif
