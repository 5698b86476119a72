/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Fuzzes UTF-8 validation against ICU's decoder, and normalisation by its laws: valid, in NFC, and
 * a second time no change.
 */
#include "common/utf8.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

/* Decodes with ICU: code points, or -1 with the place of the first fault. */
static int64_t
decode(const uint8_t *data, int32_t size, int32_t *fault)
{
    int64_t points = 0;

    for (int32_t i = 0; i < size; points++) {
        UChar32 c = 0;

        *fault = i;
        U8_NEXT(data, i, size, c);
        if (c < 0)
            return -1;
    }
    return points;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *const a = arena_new();
    const struct span s = {(const char *)data, size};
    size_t bad = 0;
    int32_t fault = 0;
    const bool valid = utf8_valid(s, &bad);
    const int64_t points = decode(data, (int32_t)size, &fault);

    must(valid == (points >= 0));
    if (!valid) {
        must(bad == (size_t)fault);
    } else {
        must(utf8_length(s) == (size_t)points);

        const struct span nfc = utf8_nfc(a, s), again = utf8_nfc(a, nfc);

        must(utf8_valid(nfc, &bad));
        must(again.data == nfc.data && again.length == nfc.length);
        must(utf8_has_forbidden(s) == utf8_has_forbidden(nfc));
    }
    arena_free(a);
    return 0;
}
