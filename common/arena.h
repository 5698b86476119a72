/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An arena owns all memory and all foreign handles (PGresult, json_t, FILE, …) of one unit of
 * work and releases them in one place, newest first; so any line may return early. Memory is
 * zeroed. Running out of memory ends the process (inputs are capped, the database rolls back).
 */
#ifndef MAATSTAF_COMMON_ARENA_H
#define MAATSTAF_COMMON_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);

/* A child is released with its parent, or earlier by arena_free(child). */
struct arena *arena_child(struct arena *parent);

/* Releases handles (newest first) and memory; arena_reset keeps the arena and one block. */
void arena_free(struct arena *a);
void arena_reset(struct arena *a);

/* Zeroed, aligned for any type; size 0 gives a unique pointer. */
void *arena_alloc(struct arena *a, size_t size);

/* As arena_alloc, for count elements; an overflowing product ends the process. */
void *arena_array(struct arena *a, size_t count, size_t size);

char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n); /* copies n bytes, adds a NUL */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Calls release(handle) when the arena is freed or reset; returns handle. NULL is not kept. */
void *arena_own(struct arena *a, void *handle, void (*release)(void *));

/* Bytes held now, children not counted. */
size_t arena_bytes(const struct arena *a);

#endif
