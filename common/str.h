/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Text as a span (pointer and length: not NUL-terminated, not owned) and a growing buffer with a
 * hard cap. No function here fails silently: a buffer past its cap says so until it is cleared.
 */
#ifndef MAATSTAF_COMMON_STR_H
#define MAATSTAF_COMMON_STR_H

#include "common/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
    const char *data;
    size_t length;
};

#define SPAN_LITERAL(text) ((struct span){(text), sizeof(text) - 1})

struct span span_of(const char *s); /* NULL gives an empty span */
bool span_equal(struct span a, struct span b);
bool span_is(struct span a, const char *s);
struct span span_trim(struct span s); /* without ASCII space, tab at both ends */

/* Decimal, optional '-', no '+', no leading zeros, no "-0", no spaces; false when not exactly that
 * or past the bounds. */
bool span_int64(struct span s, int64_t least, int64_t most, int64_t *value);

/* A decimal number as C's strtod reads in the "C" locale; no hex, inf or nan. */
bool span_real(struct span s, double *value);

/* A buffer that grows on the heap up to `cap` bytes and is released by its arena. */
struct strbuf {
    char *data; /* always NUL-terminated; "" before anything was added */
    size_t length;
    size_t capacity;
    size_t cap;
    bool overflow; /* something did not fit; what is there is a prefix */
    /* What data points to before the heap, aligned as the heap is; never copy a strbuf. */
    _Alignas(max_align_t) char nothing;
};

struct strbuf *strbuf_new(struct arena *a, size_t cap);
void strbuf_clear(struct strbuf *b);
bool strbuf_add(struct strbuf *b, const void *data, size_t length);
bool strbuf_add_char(struct strbuf *b, char c);
bool strbuf_add_text(struct strbuf *b, const char *s);
bool strbuf_printf(struct strbuf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Room for `length` more bytes at b->data + b->length, or false past the cap. */
bool strbuf_reserve(struct strbuf *b, size_t length);

/* Big-endian integers, as PostgreSQL's binary format has them. */
bool strbuf_add_be16(struct strbuf *b, uint16_t value);
bool strbuf_add_be32(struct strbuf *b, uint32_t value);
bool strbuf_add_be64(struct strbuf *b, uint64_t value);

#endif
