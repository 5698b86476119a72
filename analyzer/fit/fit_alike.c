/* SPDX-License-Identifier: EUPL-1.2 */
/* The table is at most three quarters full; its slots keep 32 bits of the hash, so that it grows
 * without looking at what the numbers stand for. A table of more than 2^31 slots is never asked
 * for. */
#include "analyzer/fit/fit_alike.h"

#include "common/err.h"

#include <stdlib.h>
#include <string.h>

/* One more word into a hash. */
static uint64_t
mixed(uint64_t hash, uint64_t word)
{
    const uint64_t h =
        (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15); /* 2^64 over the golden ratio */

    return h ^ h >> 32;
}

uint64_t
alike_hash(const char *data, size_t length)
{
    uint64_t hash = length, word = 0;
    uint32_t half;

    for (; length >= sizeof word; data += sizeof word, length -= sizeof word) {
        memcpy(&word, data, sizeof word);
        hash = mixed(hash, word);
    }
    word = 0;
    if (length >= sizeof half) {
        memcpy(&half, data, sizeof half);
        word = half;
        data += sizeof half;
        length -= sizeof half;
    }
    for (size_t i = 0; i < length; i++)
        word = word << 8 | (unsigned char)data[i];
    return mixed(hash, word);
}

static void
grow(struct alike *t)
{
    const struct alike old = *t;

    t->room = old.room > 0 ? 2 * old.room : 64;
    t->slot = calloc(t->room, sizeof *t->slot);
    if (!t->slot)
        err_fatal("out of memory");
    for (size_t i = 0; i < old.room; i++) {
        size_t at = alike_start(t, old.slot[i].hash);

        if (old.slot[i].number == 0)
            continue;
        while (t->slot[at].number != 0)
            at = alike_next(t, at);
        t->slot[at] = old.slot[i];
    }
    free(old.slot);
}

void
alike_reserve(struct alike *t)
{
    if (4 * (t->used + 1) > 3 * t->room)
        grow(t);
}

void
alike_free(struct alike *t)
{
    free(t->slot);
    *t = (struct alike){0};
}
