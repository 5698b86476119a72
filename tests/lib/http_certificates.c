/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Keys are on P-256: quick to make.
 */
#include "tests/lib/http_certificates.h"

#include <check.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

static void
add_extension(X509 *certificate, X509 *issuer, int kind, const char *value)
{
    X509V3_CTX context;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);

    X509_EXTENSION *const extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);

    ck_assert_ptr_nonnull(extension);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

struct identity
identity_new(const char *name, const struct identity *issuer, long from_day, long to_day)
{
    static long serial = 1;
    const struct identity i = {EVP_EC_gen("P-256"), X509_new()};
    X509 *const c = i.certificate;

    ck_assert_ptr_nonnull(i.key);
    X509_set_version(c, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c), serial++);
    X509_time_adj_ex(X509_getm_notBefore(c), (int)from_day, 0, NULL);
    X509_time_adj_ex(X509_getm_notAfter(c), (int)to_day, 0, NULL);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_UTF8,
                               (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(c, X509_get_subject_name(issuer ? issuer->certificate : c));
    X509_set_pubkey(c, i.key);
    add_extension(c, issuer ? issuer->certificate : c, NID_basic_constraints,
                  issuer ? "critical,CA:FALSE" : "critical,CA:TRUE");
    if (!issuer)
        add_extension(c, c, NID_key_usage, "critical,keyCertSign,cRLSign");
    ck_assert_int_gt(X509_sign(c, issuer ? issuer->key : i.key, EVP_sha256()), 0);
    return i;
}

void
identity_free(struct identity *i)
{
    EVP_PKEY_free(i->key);
    X509_free(i->certificate);
}

static FILE *
open_new(const char *file)
{
    FILE *const f = fopen(file, "w");

    ck_assert_ptr_nonnull(f);
    return f;
}

void
identity_write(const struct identity *i, const char *certificate_file, const char *key_file)
{
    FILE *const certificate = open_new(certificate_file);

    PEM_write_X509(certificate, i->certificate);
    fclose(certificate);
    if (!key_file)
        return;

    FILE *const key = open_new(key_file);

    PEM_write_PrivateKey(key, i->key, NULL, NULL, 0, NULL, NULL);
    fclose(key);
}

void
revoked_write(const struct identity *issuer, const struct identity *revoked, const char *file)
{
    X509_CRL *const list = X509_CRL_new();
    ASN1_TIME *const now = X509_gmtime_adj(NULL, -60), *const next = X509_gmtime_adj(NULL, 86400);
    FILE *const f = open_new(file);

    X509_CRL_set_version(list, 1);
    X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer->certificate));
    X509_CRL_set1_lastUpdate(list, now);
    X509_CRL_set1_nextUpdate(list, next);
    if (revoked) {
        X509_REVOKED *const entry = X509_REVOKED_new();

        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked->certificate));
        X509_REVOKED_set_revocationDate(entry, now);
        X509_CRL_add0_revoked(list, entry);
    }
    ck_assert_int_gt(X509_CRL_sign(list, issuer->key, EVP_sha256()), 0);
    PEM_write_X509_CRL(f, list);
    fclose(f);
    ASN1_TIME_free(now);
    ASN1_TIME_free(next);
    X509_CRL_free(list);
}
