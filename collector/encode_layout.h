/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Where things stand in an encoded tuple, for the two that write in it: encode.c and restate.c.
 * Nobody else includes this.
 */
#ifndef MAATSTAF_COLLECTOR_ENCODE_LAYOUT_H
#define MAATSTAF_COLLECTOR_ENCODE_LAYOUT_H

#include "collector/encode.h"

enum {
    CANONICAL_VERSION = 1,
    /* In every tuple: column count, stop_id with its length, then the two columns patched later. */
    STOP_ID_AT = 2,
    STOP_ID_SIZE = 4 + 16,
    BATCH_AT = STOP_ID_AT + STOP_ID_SIZE + 4,
    LEAF_NO_AT = BATCH_AT + 8 + 4,
    PLACED_END = LEAF_NO_AT + 4 /* then the salt, in the tables that have one */
};

#endif
