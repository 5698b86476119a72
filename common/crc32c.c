/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One table look-up a byte; the table is made once for the process.
 */
#include "common/crc32c.h"

#include "common/err.h"

#include <pthread.h>

static const uint32_t polynomial = 0x82F63B78; /* 0x1EDC6F41, bits reversed */

static uint32_t table[256];
static pthread_once_t made = PTHREAD_ONCE_INIT;

static void
make_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;

        for (int bit = 0; bit < 8; bit++)
            value = (value >> 1) ^ (value & 1 ? polynomial : 0);
        table[i] = value;
    }
}

uint32_t
crc32c(const void *data, size_t length)
{
    const uint8_t *const bytes = data;
    uint32_t value = UINT32_MAX;

    if (pthread_once(&made, make_table) != 0)
        err_fatal("pthread_once failed");
    for (size_t i = 0; i < length; i++)
        value = (value >> 8) ^ table[(value ^ bytes[i]) & 0xFF];
    return ~value;
}
