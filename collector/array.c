/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The header (dimensions, has-null flag, element type, length, lower bound) is written when the
 * array begins and its changing parts when it ends. Caps are far above a chunk's; passing one is a
 * fault of ours, not of the input.
 */
#include "collector/array.h"
#include "common/clock.h"
#include "common/err.h"

#include <string.h>

enum { ARRAY_MOST = 64 * 1024 * 1024, DIMENSIONS_AT = 0, HAS_NULL_AT = 4, COUNT_AT = 12 };

static const int64_t POSTGRES_EPOCH = INT64_C(946684800) * MICROS;

struct array
array_new(struct arena *a, enum array_type type)
{
    struct array array = {strbuf_new(a, ARRAY_MOST), 0};

    strbuf_add_be32(array.bytes, 1);
    strbuf_add_be32(array.bytes, 0);
    strbuf_add_be32(array.bytes, (uint32_t)type);
    strbuf_add_be32(array.bytes, 0);
    strbuf_add_be32(array.bytes, 1);
    return array;
}

void
array_add(struct array *array, const void *data, size_t length)
{
    strbuf_add_be32(array->bytes, (uint32_t)length);
    strbuf_add(array->bytes, data, length);
    array->count++;
}

void
array_add_null(struct array *array)
{
    strbuf_add_be32(array->bytes, UINT32_MAX);
    array->bytes->data[HAS_NULL_AT + 3] = 1;
    array->count++;
}

void
array_add_text(struct array *array, const char *text)
{
    if (text)
        array_add(array, text, strlen(text));
    else
        array_add_null(array);
}

void
array_add_int2(struct array *array, int64_t value)
{
    strbuf_add_be32(array->bytes, 2);
    strbuf_add_be16(array->bytes, (uint16_t)(int16_t)value);
    array->count++;
}

void
array_add_int4(struct array *array, int64_t value)
{
    strbuf_add_be32(array->bytes, 4);
    strbuf_add_be32(array->bytes, (uint32_t)(int32_t)value);
    array->count++;
}

void
array_add_int8(struct array *array, int64_t value)
{
    strbuf_add_be32(array->bytes, 8);
    strbuf_add_be64(array->bytes, (uint64_t)value);
    array->count++;
}

void
array_add_time(struct array *array, int64_t time)
{
    array_add_int8(array, time - POSTGRES_EPOCH);
}

struct sql_binary
array_end(struct array *array)
{
    struct strbuf *const b = array->bytes;

    if (b->overflow)
        err_fatal("an array parameter passed its limit");
    for (unsigned i = 0; i < 4; i++)
        b->data[COUNT_AT + i] = (char)(array->count >> (24 - 8 * i) & 0xFF);
    if (array->count == 0) { /* the empty array has no dimension */
        b->data[DIMENSIONS_AT + 3] = 0;
        b->length = COUNT_AT;
    }
    return (struct sql_binary){b->data, b->length};
}

struct sql_binary
binary_int8(struct arena *a, int64_t value)
{
    uint8_t *const bytes = arena_alloc(a, 8);

    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)value >> (56 - 8 * i) & 0xFF);
    return (struct sql_binary){bytes, 8};
}

struct sql_binary
binary_text(const char *text)
{
    return (struct sql_binary){text, text ? strlen(text) : 0};
}
