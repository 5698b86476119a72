/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The framing of a request body, declared in http_head.h: a count down, or a state machine over
 * chunks. A chunk's size is one to eight hexadecimal digits and nothing else.
 */
#include "common/http_head.h"

enum { SIZE_DIGITS = 8 };

enum state {
    LENGTH,  /* b->left bytes are to come */
    SIZE,    /* digits of a chunk's size */
    SIZE_LF, /* after the CR behind them */
    DATA,    /* b->left bytes of the chunk */
    DATA_CR, /* the CRLF behind it */
    DATA_LF,
    LAST_CR, /* the blank line behind the chunk of size 0 */
    LAST_LF,
    END
};

static bool
refuse(struct http_body *b, int status, const char *code)
{
    b->fault = (struct http_fault){status, code};
    return false;
}

enum http_read
http_body_start(struct http_body *b, const struct http_head *h, uint64_t most)
{
    *b = (struct http_body){.state = h->chunked ? SIZE : LENGTH, .left = h->length, .most = most};
    if (h->chunked)
        return HTTP_MORE;
    b->bytes = h->length;
    if (h->length > most) {
        refuse(b, 413, "too-large");
        return HTTP_REFUSED;
    }
    return h->length == 0 ? HTTP_DONE : HTTP_MORE;
}

/* The value of one more digit of a size, or false when c is none. */
static bool
size_digit(struct http_body *b, char c)
{
    unsigned value = 16;

    if (c >= '0' && c <= '9')
        value = (unsigned)(c - '0');
    else if (c >= 'a' && c <= 'f')
        value = (unsigned)(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
        value = (unsigned)(c - 'A') + 10;
    if (value == 16)
        return refuse(b, 400, "framing");
    if (++b->digits > SIZE_DIGITS)
        return refuse(b, 413, "too-large");
    b->left = b->left * 16 + value;
    return true;
}

/* The line with a size is whole. */
static bool
size_known(struct http_body *b)
{
    b->digits = 0;
    b->state = b->left == 0 ? LAST_CR : DATA;
    if (b->left > b->most - b->bytes)
        return refuse(b, 413, "too-large");
    b->bytes += b->left;
    return true;
}

/* One byte of framing. */
static bool
frame_byte(struct http_body *b, char c)
{
    static const struct {
        char expected;
        enum state next;
    } fixed[] = {
        [DATA_CR] = {'\r', DATA_LF},
        [DATA_LF] = {'\n', SIZE},
        [LAST_CR] = {'\r', LAST_LF},
        [LAST_LF] = {'\n', END},
    };

    if (b->state == SIZE && c == '\r' && b->digits > 0) {
        b->state = SIZE_LF;
        return true;
    }
    if (b->state == SIZE)
        return size_digit(b, c);
    if (b->state == SIZE_LF)
        return c == '\n' ? size_known(b) : refuse(b, 400, "framing");
    if (c != fixed[b->state].expected)
        return refuse(b, 400, "framing");
    b->state = (int)fixed[b->state].next;
    return true;
}

enum http_read
http_body_read(struct http_body *b, const char *data, size_t length, size_t *taken)
{
    *taken = 0;
    while (*taken < length && b->state != END) {
        if (b->state == LENGTH || b->state == DATA) {
            const size_t rest = length - *taken;
            const size_t now = b->left < rest ? (size_t)b->left : rest;

            *taken += now;
            b->left -= now;
            if (b->left == 0)
                b->state = b->state == LENGTH ? END : DATA_CR;
        } else if (!frame_byte(b, data[(*taken)++])) {
            return HTTP_REFUSED;
        }
    }
    return b->state == END ? HTTP_DONE : HTTP_MORE;
}
