/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Digests over OpenSSL's EVP. Algorithms are fetched once for the process and never freed; each
 * thread keeps one context and one pool of random bytes, released when it ends. A failure inside
 * OpenSSL means no memory or a broken installation: it ends the process.
 */
#include "common/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { NONCE_BYTES = 12, TAG_BYTES = 16, POOL_BYTES = 1024 };

static void
need(bool ok)
{
    if (!ok)
        err_fatal("openssl failed: no memory, or its installation is broken");
}

/* ---- fetched once, and what each thread keeps ------------------------------------------------ */

static struct {
    EVP_MD *sha256, *sha1;
    EVP_MAC *hmac;
    EVP_CIPHER *gcm;
    pthread_key_t thread; /* frees the state of a thread that ends */
} fetched;

static pthread_once_t fetch_once = PTHREAD_ONCE_INIT;

struct thread_state {
    EVP_MD_CTX *sha256, *sha1;
    size_t left; /* unused bytes at the end of pool */
    uint8_t pool[POOL_BYTES];
};

static _Thread_local struct thread_state *mine;

static void
thread_end(void *state)
{
    struct thread_state *const t = state;

    mine = NULL;
    EVP_MD_CTX_free(t->sha256);
    EVP_MD_CTX_free(t->sha1);
    OPENSSL_cleanse(t->pool, sizeof t->pool);
    free(t);
}

/* Parent and child must never hand out the same bytes; the child has this one thread only. */
static void
drop_pool(void)
{
    if (mine)
        mine->left = 0;
}

static void
fetch(void)
{
    fetched.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    fetched.sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
    fetched.hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    fetched.gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    need(fetched.sha256 && fetched.sha1 && fetched.hmac && fetched.gcm);
    need(pthread_key_create(&fetched.thread, thread_end) == 0);
    need(pthread_atfork(NULL, NULL, drop_pool) == 0);
}

static struct thread_state *
thread_begin(void)
{
    need(pthread_once(&fetch_once, fetch) == 0);

    struct thread_state *const t = calloc(1, sizeof *t);

    need(t != NULL);
    t->sha256 = EVP_MD_CTX_new();
    t->sha1 = EVP_MD_CTX_new();
    need(t->sha256 && t->sha1 && pthread_setspecific(fetched.thread, t) == 0);
    mine = t;
    return t;
}

static struct thread_state *
thread_state(void)
{
    return mine ? mine : thread_begin();
}

/* ---- hashes ---------------------------------------------------------------------------------- */

struct sha256 {
    EVP_MD_CTX *context;
    EVP_MD_CTX *copy; /* for peeking */
};

static void
context_release(void *context)
{
    EVP_MD_CTX_free(context);
}

struct sha256 *
sha256_new(struct arena *a)
{
    struct sha256 *const h = arena_alloc(a, sizeof *h);

    need(pthread_once(&fetch_once, fetch) == 0);
    h->context = arena_own(a, EVP_MD_CTX_new(), context_release);
    h->copy = arena_own(a, EVP_MD_CTX_new(), context_release);
    need(h->context && h->copy);
    sha256_start(h);
    return h;
}

void
sha256_start(struct sha256 *h)
{
    need(EVP_DigestInit_ex(h->context, fetched.sha256, NULL) == 1);
}

void
sha256_add(struct sha256 *h, const void *data, size_t length)
{
    need(length == 0 || EVP_DigestUpdate(h->context, data, length) == 1);
}

void
sha256_finish(struct sha256 *h, uint8_t digest[DIGEST_BYTES])
{
    need(EVP_DigestFinal_ex(h->context, digest, NULL) == 1);
    sha256_start(h);
}

void
sha256_peek(const struct sha256 *h, uint8_t digest[DIGEST_BYTES])
{
    need(EVP_MD_CTX_copy_ex(h->copy, h->context) == 1);
    need(EVP_DigestFinal_ex(h->copy, digest, NULL) == 1);
}

void
sha256_of(const void *data, size_t length, uint8_t digest[DIGEST_BYTES])
{
    EVP_MD_CTX *const c = thread_state()->sha256;

    need(EVP_DigestInit_ex(c, fetched.sha256, NULL) == 1);
    need(length == 0 || EVP_DigestUpdate(c, data, length) == 1);
    need(EVP_DigestFinal_ex(c, digest, NULL) == 1);
}

/* ---- HMAC ------------------------------------------------------------------------------------ */

struct hmac {
    EVP_MAC_CTX *context;
};

static void
mac_release(void *context)
{
    EVP_MAC_CTX_free(context);
}

struct hmac *
hmac_new(struct arena *a, const uint8_t key[KEY_BYTES])
{
    struct hmac *const h = arena_alloc(a, sizeof *h);
    char name[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end(),
    };

    need(pthread_once(&fetch_once, fetch) == 0);
    h->context = arena_own(a, EVP_MAC_CTX_new(fetched.hmac), mac_release);
    need(h->context && EVP_MAC_init(h->context, key, KEY_BYTES, params) == 1);
    return h;
}

void
hmac_of(struct hmac *h, const void *data, size_t length, uint8_t mac[DIGEST_BYTES])
{
    size_t got = 0;

    need(EVP_MAC_init(h->context, NULL, 0, NULL) == 1); /* no key: starts again under the same */
    need(length == 0 || EVP_MAC_update(h->context, data, length) == 1);
    need(EVP_MAC_final(h->context, mac, &got, DIGEST_BYTES) == 1 && got == DIGEST_BYTES);
}

/* ---- hexadecimal and UUIDs ------------------------------------------------------------------- */

static const char hex_digits[] = "0123456789abcdef";

void
hex_of(const uint8_t *bytes, size_t length, char *out)
{
    for (size_t i = 0; i < length; i++) {
        *out++ = hex_digits[bytes[i] >> 4];
        *out++ = hex_digits[bytes[i] & 15];
    }
    *out = '\0';
}

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
hex_parse(struct span text, uint8_t *bytes, size_t length)
{
    if (text.length % 2 != 0 || text.length / 2 != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        const int high = hex_value(text.data[2 * i]), low = hex_value(text.data[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        bytes[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

void
uuid_v5(const uint8_t space[16], struct span name, uint8_t uuid[16])
{
    EVP_MD_CTX *const c = thread_state()->sha1;
    uint8_t digest[20];

    need(EVP_DigestInit_ex(c, fetched.sha1, NULL) == 1);
    need(EVP_DigestUpdate(c, space, 16) == 1);
    need(name.length == 0 || EVP_DigestUpdate(c, name.data, name.length) == 1);
    need(EVP_DigestFinal_ex(c, digest, NULL) == 1);
    memcpy(uuid, digest, 16);
    uuid[6] = (uint8_t)((uuid[6] & 0x0F) | 0x50); /* version 5 */
    uuid[8] = (uint8_t)((uuid[8] & 0x3F) | 0x80); /* variant 10 */
}

enum { UUID_GROUPS = 5, UUID_TEXT = 36 };

static const size_t uuid_group_bytes[UUID_GROUPS] = {4, 2, 2, 2, 6};

void
uuid_text(const uint8_t uuid[16], char text[37])
{
    for (size_t g = 0; g < UUID_GROUPS; g++) {
        if (g > 0)
            *text++ = '-';
        hex_of(uuid, uuid_group_bytes[g], text);
        uuid += uuid_group_bytes[g];
        text += 2 * uuid_group_bytes[g];
    }
}

bool
uuid_parse(struct span text, uint8_t uuid[16])
{
    uint8_t bytes[16];
    size_t at = 0, done = 0;

    if (text.length != UUID_TEXT)
        return false;
    for (size_t g = 0; g < UUID_GROUPS; g++) {
        const size_t n = uuid_group_bytes[g];

        if (g > 0 && text.data[at++] != '-')
            return false;
        if (!hex_parse((struct span){text.data + at, 2 * n}, bytes + done, n))
            return false;
        at += 2 * n;
        done += n;
    }
    memcpy(uuid, bytes, sizeof bytes);
    return true;
}

/* ---- random bytes ---------------------------------------------------------------------------- */

static void
random_fill(uint8_t *out, size_t length)
{
    while (length > 0) {
        const size_t n = length < INT_MAX ? length : INT_MAX;

        if (RAND_bytes(out, (int)n) != 1)
            err_fatal("no random bytes: the source of the system failed");
        out += n;
        length -= n;
    }
}

void
random_bytes(void *out, size_t length)
{
    struct thread_state *const t = thread_state();

    if (length > POOL_BYTES / 4) {
        random_fill(out, length);
        return;
    }
    if (length > t->left) {
        random_fill(t->pool, POOL_BYTES);
        t->left = POOL_BYTES;
    }

    uint8_t *const from = t->pool + POOL_BYTES - t->left;

    if (length > 0)
        memcpy(out, from, length);
    OPENSSL_cleanse(from, length); /* what was given out is nobody else's */
    t->left -= length;
}

bool
digest_equal(const uint8_t *a, const uint8_t *b, size_t length)
{
    return CRYPTO_memcmp(a, b, length) == 0;
}

/* ---- authenticated encryption ---------------------------------------------------------------- */

/* Bytes that EVP's int lengths can take in one call. */
static int
gcm_length(size_t length)
{
    if (length > INT_MAX / 2)
        err_fatal("too long to seal or open in one piece");
    return (int)length;
}

struct span
seal(struct arena *a, const uint8_t key[KEY_BYTES], struct span plain, struct span context)
{
    uint8_t *const out = arena_alloc(a, plain.length + NONCE_BYTES + TAG_BYTES);
    uint8_t *const text = out + NONCE_BYTES;
    EVP_CIPHER_CTX *const c = EVP_CIPHER_CTX_new();
    int n = 0;

    (void)thread_state(); /* fetches */
    need(c != NULL);
    random_bytes(out, NONCE_BYTES);
    need(EVP_EncryptInit_ex2(c, fetched.gcm, key, out, NULL) == 1);
    need(context.length == 0 || EVP_EncryptUpdate(c, NULL, &n, (const uint8_t *)context.data,
                                                  gcm_length(context.length)) == 1);
    need(plain.length == 0 || EVP_EncryptUpdate(c, text, &n, (const uint8_t *)plain.data,
                                                gcm_length(plain.length)) == 1);
    need(EVP_EncryptFinal_ex(c, text + plain.length, &n) == 1);
    need(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, text + plain.length) == 1);
    EVP_CIPHER_CTX_free(c);
    return (struct span){(const char *)out, plain.length + NONCE_BYTES + TAG_BYTES};
}

/* True when the tag is right. */
static bool
gcm_open(const uint8_t *key, struct span sealed, struct span context, uint8_t *out, size_t length)
{
    EVP_CIPHER_CTX *const c = EVP_CIPHER_CTX_new();
    const uint8_t *const in = (const uint8_t *)sealed.data;
    uint8_t tag[TAG_BYTES];
    int n = 0;

    need(c != NULL);
    memcpy(tag, in + NONCE_BYTES + length, TAG_BYTES);
    need(EVP_DecryptInit_ex2(c, fetched.gcm, key, in, NULL) == 1);
    need(context.length == 0 || EVP_DecryptUpdate(c, NULL, &n, (const uint8_t *)context.data,
                                                  gcm_length(context.length)) == 1);
    need(length == 0 || EVP_DecryptUpdate(c, out, &n, in + NONCE_BYTES, gcm_length(length)) == 1);
    need(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) == 1);

    const bool ok = EVP_DecryptFinal_ex(c, out + length, &n) == 1;

    EVP_CIPHER_CTX_free(c);
    return ok;
}

bool
unseal(struct arena *a, const uint8_t key[KEY_BYTES], struct span sealed, struct span context,
       struct span *plain, struct err *e)
{
    if (sealed.length < NONCE_BYTES + TAG_BYTES)
        return err_set(e, ERR_VERIFY, "sealed text of %zu bytes is too short", sealed.length);

    const size_t length = sealed.length - NONCE_BYTES - TAG_BYTES;
    uint8_t *const out = arena_alloc(a, length + 1);

    (void)thread_state();
    if (!gcm_open(key, sealed, context, out, length)) {
        OPENSSL_cleanse(out, length);
        err_set(e, ERR_VERIFY, "sealed text does not open");
        return err_hint(e, "it was sealed under another key or for another place, or was changed");
    }
    *plain = (struct span){(const char *)out, length};
    return true;
}
