/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Digests over OpenSSL's EVP: SHA-256, HMAC-SHA-256, UUIDv5, random bytes, authenticated
 * encryption for quarantined records, and the RFC 6962 Merkle tree built from leaves in order with
 * memory that grows with the logarithm of their number.
 */
#ifndef MAATSTAF_COMMON_DIGEST_H
#define MAATSTAF_COMMON_DIGEST_H

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"

#include <stdint.h>

enum { DIGEST_BYTES = 32, SALT_BYTES = 16, KEY_BYTES = 32 };

struct sha256; /* a running hash; reusable */
struct sha256 *sha256_new(struct arena *a);
void sha256_start(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *data, size_t length);
void sha256_finish(struct sha256 *h, uint8_t digest[DIGEST_BYTES]);
/* Of what was added so far. */
void sha256_peek(const struct sha256 *h, uint8_t digest[DIGEST_BYTES]);
void sha256_of(const void *data, size_t length, uint8_t digest[DIGEST_BYTES]);

struct hmac; /* HMAC-SHA-256 under one key; reusable without re-keying */
struct hmac *hmac_new(struct arena *a, const uint8_t key[KEY_BYTES]);
void hmac_of(struct hmac *h, const void *data, size_t length, uint8_t mac[DIGEST_BYTES]);

/* RFC 4122 version 5 (SHA-1 of namespace and name). */
void uuid_v5(const uint8_t space[16], struct span name, uint8_t uuid[16]);
void uuid_text(const uint8_t uuid[16], char text[37]);
bool uuid_parse(struct span text, uint8_t uuid[16]);

/* Cryptographic random bytes; ends the process when the source fails. Buffered: cheap for 16. */
void random_bytes(void *out, size_t length);

/* Lower-case hexadecimal; out holds 2 * length + 1. */
void hex_of(const uint8_t *bytes, size_t length, char *out);
bool hex_parse(struct span text, uint8_t *bytes, size_t length);

bool digest_equal(const uint8_t *a, const uint8_t *b, size_t length); /* constant time */

/* AES-256-GCM: out = 12-byte nonce, ciphertext, 16-byte tag (length + 28). */
struct span seal(struct arena *a, const uint8_t key[KEY_BYTES], struct span plain,
                 struct span context);
bool unseal(struct arena *a, const uint8_t key[KEY_BYTES], struct span sealed, struct span context,
            struct span *plain, struct err *e);

/* RFC 6962 section 2.1: leaf hashes come in (already SHA-256(0x00 ‖ …)); a node is
 * SHA-256(0x01 ‖ l ‖ r). */
struct merkle {
    uint64_t count;
    uint8_t stack[64][DIGEST_BYTES];
};
void merkle_start(struct merkle *m);
void merkle_add(struct merkle *m, const uint8_t leaf[DIGEST_BYTES]);
/* Of no leaves: SHA-256 of nothing. */
void merkle_root(const struct merkle *m, uint8_t root[DIGEST_BYTES]);

/* Reads a 32-byte key file (owner-only), or makes it when it does not exist. */
bool key_file(const char *path, uint8_t key[KEY_BYTES], struct err *e);

#endif
