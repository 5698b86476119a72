/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * For a suite whose tests each want an arena and nothing else: open_arena and close_arena are the
 * fixture, `a` is the arena of the test that runs. Included by a suite's .c once.
 */
#ifndef MAATSTAF_TESTS_LIB_FIXTURE_H
#define MAATSTAF_TESTS_LIB_FIXTURE_H

#include "common/arena.h"

/* SPAN_LITERAL for a static table. */
#define TEXT(text)                                                                                 \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

static struct arena *a;

static void
open_arena(void)
{
    a = arena_new();
}

static void
close_arena(void)
{
    arena_free(a);
}

#endif
