/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * For sets A and B with d members in one but not in both, the Jaccard similarity is
 * (|A|+|B|-d) / (|A|+|B|+d), above 9/10 exactly when 19 d < |A|+|B|. Both the difference of the
 * sizes and the number of differing bits of two hashed bitmaps are never more than d, so a pair
 * that fails by either cannot be similar; only the rest is compared exactly.
 */
#include "collector/similar.h"

#include <string.h>

enum {
    TRIGRAMS = 32768, /* three symbols (26 letters and space) of five bits: the code is exact */
    SET_MOST = 256,   /* distinct trigrams kept of a text of at most 250 characters */
    UNITS = 1024,     /* slots; a unit that finds its neighbourhood full takes over a slot */
    PROBES = 8
};

struct text {
    uint64_t stop;
    uint16_t count;
    uint64_t bits[4];
    uint16_t *trigrams; /* [SET_MOST] once used */
};

struct unit {
    uint64_t key; /* hash of the code; 0: free */
    unsigned next;
    struct text texts[SIMILAR_KEPT];
};

struct similar {
    struct arena *arena;
    uint64_t seen[TRIGRAMS / 64]; /* trigrams of the text in hand */
    struct unit *units[UNITS];
};

struct similar *
similar_new(struct arena *a)
{
    struct similar *const s = arena_alloc(a, sizeof *s);

    s->arena = a;
    return s;
}

static unsigned
bits_set(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (unsigned)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* Marks the trigrams of the folded text in s->seen and lists each once. */
static void
set_read(struct similar *s, struct span folded, struct text *t)
{
    unsigned trigram = 0; /* before the text stands a space */

    t->count = 0;
    memset(t->bits, 0, sizeof t->bits);
    for (size_t i = 0; i <= folded.length && t->count < SET_MOST; i++) {
        const char c = i < folded.length ? folded.data[i] : ' ';

        trigram = (trigram << 5 | (c == ' ' ? 0u : (unsigned)(c - 'a') + 1u)) & (TRIGRAMS - 1);
        if (i == 0 || s->seen[trigram / 64] >> (trigram % 64) & 1)
            continue;
        s->seen[trigram / 64] |= UINT64_C(1) << (trigram % 64);
        t->trigrams[t->count++] = (uint16_t)trigram;

        const unsigned bit = trigram * 0x9E37u >> 4 & 255;

        t->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
    }
}

static void
set_forget(struct similar *s, const struct text *t)
{
    for (unsigned i = 0; i < t->count; i++)
        s->seen[t->trigrams[i] / 64] = 0;
}

/* Whether `old` is similar to `t`, whose trigrams are marked in s->seen. */
static bool
is_similar(const struct similar *s, const struct text *t, const struct text *old)
{
    const unsigned sum = (unsigned)t->count + old->count;
    unsigned differing = t->count > old->count ? (unsigned)(t->count - old->count)
                                               : (unsigned)(old->count - t->count);

    if (19 * differing >= sum)
        return false;
    differing = 0;
    for (unsigned i = 0; i < 4; i++) {
        differing += bits_set(t->bits[i] ^ old->bits[i]);
        if (19 * differing >= sum)
            return false;
    }

    unsigned common = 0;

    for (unsigned i = 0; i < old->count; i++)
        common += (unsigned)(s->seen[old->trigrams[i] / 64] >> (old->trigrams[i] % 64) & 1);
    return 19 * (sum - 2 * common) < sum;
}

static uint64_t
unit_key(struct span unit)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325); /* FNV-1a */

    for (size_t i = 0; i < unit.length; i++)
        h = (h ^ (unsigned char)unit.data[i]) * UINT64_C(0x100000001B3);
    return h ? h : 1;
}

static struct unit *
unit_of(struct similar *s, struct span code)
{
    const uint64_t key = unit_key(code);
    const unsigned home = (unsigned)(key >> 40) % UNITS;

    for (unsigned i = 0; i < PROBES; i++) {
        struct unit **const slot = &s->units[(home + i) % UNITS];

        if (!*slot) {
            *slot = arena_alloc(s->arena, sizeof **slot);
            (*slot)->key = key;
        }
        if ((*slot)->key == key)
            return *slot;
    }

    /* Memory stays bounded whatever a file says: the newcomer takes the first slot over. */
    struct unit *const taken = s->units[home];

    taken->key = key;
    taken->next = 0;
    for (unsigned i = 0; i < SIMILAR_KEPT; i++)
        taken->texts[i].count = 0;
    return taken;
}

bool
similar_seen(struct similar *s, struct span code, uint64_t stop, struct span folded)
{
    struct unit *const unit = unit_of(s, code);
    uint16_t trigrams[SET_MOST];
    struct text t = {.trigrams = trigrams};
    bool similar = false;

    set_read(s, folded, &t);
    for (unsigned i = 0; i < SIMILAR_KEPT && !similar; i++)
        similar = unit->texts[i].count > 0 && unit->texts[i].stop != stop &&
                  is_similar(s, &t, &unit->texts[i]);
    set_forget(s, &t);

    struct text *const keep = &unit->texts[unit->next];

    if (!keep->trigrams)
        keep->trigrams = arena_array(s->arena, SET_MOST, sizeof *keep->trigrams);
    memcpy(keep->trigrams, trigrams, t.count * sizeof *trigrams);
    memcpy(keep->bits, t.bits, sizeof t.bits);
    keep->count = t.count;
    keep->stop = stop;
    unit->next = (unit->next + 1) % SIMILAR_KEPT;
    return similar;
}
