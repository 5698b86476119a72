/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Open addressing with linear probing, at most half full. The hash reads eight bytes at a time:
 * an import looks up some forty codes a record.
 */
#include "collector/lookup.h"

#include "common/err.h"

#include <string.h>

struct entry {
    uint32_t hash, length;
    const char *key;
    const void *value;
};

struct lookup {
    size_t count, most, mask;
    struct entry *entries;
};

static inline uint64_t
word(const char *p)
{
    uint64_t w;

    memcpy(&w, p, sizeof w);
    return w;
}

static inline uint64_t
mix(uint64_t h, uint64_t w)
{
    h = (h ^ w) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ (h >> 32);
}

static inline uint32_t
hash_of(struct span s)
{
    uint64_t h = s.length;
    const char *p = s.data;
    size_t left = s.length;

    if (left >= 8) {
        for (; left > 8; left -= 8, p += 8)
            h = mix(h, word(p));
        h = mix(h, word(s.data + s.length - 8));
    } else {
        uint64_t w = 0;
        for (size_t i = 0; i < left; i++)
            w = w << 8 | (unsigned char)p[i];
        h = mix(h, w);
    }
    h *= UINT64_C(0xD6E8FEB86659FD93);
    return (uint32_t)(h >> 32);
}

struct lookup *
lookup_new(struct arena *a, size_t most)
{
    struct lookup *const l = arena_alloc(a, sizeof *l);
    size_t size = 8;

    while (size < most * 2)
        size *= 2;
    *l = (struct lookup){.most = most, .mask = size - 1};
    l->entries = arena_array(a, size, sizeof *l->entries);
    return l;
}

static struct entry *
entry_of(const struct lookup *l, struct span key)
{
    const uint32_t hash = hash_of(key);

    for (size_t i = hash & l->mask;; i = (i + 1) & l->mask) {
        struct entry *const e = &l->entries[i];
        if (!e->value ||
            (e->hash == hash && e->length == key.length && !memcmp(e->key, key.data, key.length)))
            return e;
    }
}

void
lookup_add(struct lookup *l, struct span key, const void *value)
{
    struct entry *const e = entry_of(l, key);

    if (!e->value && ++l->count > l->most)
        err_fatal("lookup table is full");
    *e = (struct entry){hash_of(key), (uint32_t)key.length, key.data, value};
}

const void *
lookup_get(const struct lookup *l, struct span key)
{
    return entry_of(l, key)->value;
}
