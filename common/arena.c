/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Arenas: a chain of blocks for memory and a chain of owned handles, newest first. A child is a
 * handle of its parent whose link lives in the child, so it can leave early at no cost. Not for two
 * threads at once on one arena. Large pieces get a block of their own, given back at a reset.
 */
#include "common/arena.h"
#include "common/err.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = alignof(max_align_t), BLOCK_FIRST = 4096, BLOCK_MOST = 256 * 1024 };

struct block {
    struct block *next;
    size_t size; /* of data */
    size_t used;
    alignas(max_align_t) char data[];
};

/* One owned handle; doubly linked so that a child can leave from the middle. */
struct owned {
    struct owned *older, *newer;
    void *handle;
    void (*release)(void *);
};

struct arena {
    struct block *blocks; /* the first one is being filled */
    struct owned *newest;
    size_t bytes;
    size_t next_size; /* of the next ordinary block */
    struct arena *parent;
    struct owned link; /* this arena in its parent's chain */
};

/* ---- blocks ---------------------------------------------------------------------------------- */

static struct block *
block_new(struct arena *a, size_t size)
{
    struct block *const b = malloc(sizeof *b + size);

    if (!b)
        err_fatal("out of memory");
    b->next = NULL;
    b->size = size;
    b->used = 0;
    a->bytes += sizeof *b + size;
    return b;
}

/* Keeps the newest ordinary block when keep is set. */
static void
blocks_free(struct arena *a, bool keep)
{
    struct block *b = a->blocks, *kept = NULL;

    while (b) {
        struct block *const next = b->next;

        if (keep && !kept && b->size <= BLOCK_MOST) {
            kept = b;
        } else {
            a->bytes -= sizeof *b + b->size;
            free(b);
        }
        b = next;
    }
    if (kept) {
        kept->next = NULL;
        kept->used = 0;
    }
    a->blocks = kept;
}

static void *
take(struct block *b, size_t size)
{
    void *const p = b->data + b->used;

    b->used += size;
    return memset(p, 0, size);
}

void *
arena_alloc(struct arena *a, size_t size)
{
    struct block *const first = a->blocks;

    if (size > PTRDIFF_MAX / 2)
        err_fatal("out of memory");
    size = (size + (size == 0) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (first && size <= first->size - first->used)
        return take(first, size);

    if (size > a->next_size / 4 && first) { /* behind the first, which goes on being filled */
        struct block *const b = block_new(a, size);

        b->next = first->next;
        first->next = b;
        return take(b, size);
    }

    struct block *const b = block_new(a, size > a->next_size / 4 ? size : a->next_size);

    b->next = first;
    a->blocks = b;
    if (a->next_size < BLOCK_MOST)
        a->next_size *= 2;
    return take(b, size);
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        err_fatal("out of memory: array size overflows");
    return arena_alloc(a, count * size);
}

size_t
arena_bytes(const struct arena *a)
{
    return a->bytes;
}

/* ---- owned handles --------------------------------------------------------------------------- */

static void
link_newest(struct arena *a, struct owned *o)
{
    o->older = a->newest;
    o->newer = NULL;
    if (a->newest)
        a->newest->newer = o;
    a->newest = o;
}

static void
unlink_owned(struct arena *a, struct owned *o)
{
    if (o->newer)
        o->newer->older = o->older;
    else
        a->newest = o->older;
    if (o->older)
        o->older->newer = o->newer;
}

void *
arena_own(struct arena *a, void *handle, void (*release)(void *))
{
    if (!handle)
        return NULL;

    struct owned *const o = arena_alloc(a, sizeof *o);

    o->handle = handle;
    o->release = release;
    link_newest(a, o);
    return handle;
}

/* A handle leaves the chain before it is released: what it calls sees a consistent arena. */
static void
release_all(struct arena *a)
{
    while (a->newest) {
        struct owned *const o = a->newest;

        unlink_owned(a, o);
        o->release(o->handle);
    }
}

/* ---- arenas ---------------------------------------------------------------------------------- */

struct arena *
arena_new(void)
{
    struct arena *const a = calloc(1, sizeof *a);

    if (!a)
        err_fatal("out of memory");
    a->next_size = BLOCK_FIRST;
    return a;
}

static void
release_child(void *child)
{
    struct arena *const a = child;

    a->parent = NULL; /* already unlinked */
    arena_free(a);
}

struct arena *
arena_child(struct arena *parent)
{
    struct arena *const a = arena_new();

    a->parent = parent;
    a->link.handle = a;
    a->link.release = release_child;
    link_newest(parent, &a->link);
    return a;
}

void
arena_free(struct arena *a)
{
    if (!a)
        return;
    if (a->parent)
        unlink_owned(a->parent, &a->link);
    release_all(a);
    blocks_free(a, false);
    free(a);
}

void
arena_reset(struct arena *a)
{
    release_all(a);
    blocks_free(a, true);
}

/* ---- text ------------------------------------------------------------------------------------ */

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
    char *const copy = arena_alloc(a, n + 1);

    if (n > 0)
        memcpy(copy, s, n);
    return copy;
}

char *
arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *
arena_vprintf(struct arena *a, const char *format, va_list args)
{
    va_list again;

    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n < 0)
        err_fatal("text cannot be formatted");

    char *const text = arena_alloc(a, (size_t)n + 1);

    (void)vsnprintf(text, (size_t)n + 1, format, args);
    return text;
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *const text = arena_vprintf(a, format, args);
    va_end(args);
    return text;
}
