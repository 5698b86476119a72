/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The Merkle tree of RFC 6962 section 2.1, built leaf by leaf. stack[k] is the root of a full
 * subtree of 2^k leaves whenever bit k of the count is set: the subtrees left to right are the
 * set bits from high to low.
 */
#include "common/digest.h"

#include <string.h>

static void
node_of(const uint8_t left[DIGEST_BYTES], const uint8_t right[DIGEST_BYTES],
        uint8_t out[DIGEST_BYTES])
{
    uint8_t bytes[1 + 2 * DIGEST_BYTES] = {0x01};

    memcpy(bytes + 1, left, DIGEST_BYTES);
    memcpy(bytes + 1 + DIGEST_BYTES, right, DIGEST_BYTES);
    sha256_of(bytes, sizeof bytes, out);
}

void
merkle_start(struct merkle *m)
{
    m->count = 0;
}

void
merkle_add(struct merkle *m, const uint8_t leaf[DIGEST_BYTES])
{
    uint8_t node[DIGEST_BYTES];
    unsigned level = 0;

    memcpy(node, leaf, sizeof node);
    for (; m->count >> level & 1; level++)
        node_of(m->stack[level], node, node);
    memcpy(m->stack[level], node, sizeof node);
    m->count++;
}

void
merkle_root(const struct merkle *m, uint8_t root[DIGEST_BYTES])
{
    bool found = false;

    if (m->count == 0)
        sha256_of("", 0, root);
    for (unsigned level = 0; level < 64; level++) {
        if (!(m->count >> level & 1))
            continue;
        if (found)
            node_of(m->stack[level], root, root);
        else
            memcpy(root, m->stack[level], DIGEST_BYTES);
        found = true;
    }
}
