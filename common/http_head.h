/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reads the head of an HTTP/1.1 request strictly, on the raw bytes, piece by piece as they come;
 * and the framing of its body. What could be read in two ways is refused with a status. No input or
 * output, no allocation: the bytes are the caller's and spans point into them.
 */
#ifndef MAATSTAF_COMMON_HTTP_HEAD_H
#define MAATSTAF_COMMON_HTTP_HEAD_H

#include "common/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTP_FIELDS_MOST = 64, HTTP_URI_MOST = 8192 };

struct http_head_limits {
    size_t bytes, uri; /* uri: at most HTTP_URI_MOST */
    unsigned fields;   /* at most HTTP_FIELDS_MOST */
};

enum http_read { HTTP_MORE, HTTP_DONE, HTTP_REFUSED };

/* What is wrong: a status and one of the codes of http_server.h; then the connection ends. */
struct http_fault {
    int status;
    const char *code;
};

struct http_head_field {
    struct span name, value; /* the value without white space around it */
};

struct http_head {
    struct span method, path, query; /* path and query as sent, screened; query without '?' */
    struct http_head_field fields[HTTP_FIELDS_MOST];
    unsigned field_count;
    struct span host, authorization, content_type, content_encoding; /* empty: none */
    bool chunked, has_length, expects_continue, closes;
    uint64_t length; /* Content-Length */
    size_t bytes;    /* of the whole head, when done */
    struct http_fault fault;

    /* How far the reader is. */
    size_t at, line;
    unsigned seen; /* single fields */
};

void http_head_start(struct http_head *h);

/*
 * Reads on; `data` begins where the head does and holds all that came. HTTP_DONE: h->bytes of it
 * are the head. HTTP_REFUSED: h->fault.
 */
enum http_read http_head_read(struct http_head *h, const char *data, size_t length,
                              const struct http_head_limits *limits);

/* The head's bytes were copied from `from` to `to`: spans follow. */
void http_head_move(struct http_head *h, const char *from, const char *to);

/* The value of the first field of that name (small letters), or an empty span. */
bool http_head_find(const struct http_head *h, const char *name, struct span *value);

/* Decodes %XX into out (as long as s at least); gives the length. s was screened. */
size_t http_decode(struct span s, char *out);

/* The body: which of the coming bytes belong to it. No chunk extensions, no trailers. */
struct http_body {
    int state;
    unsigned digits;
    uint64_t left;  /* of the length, or of this chunk */
    uint64_t bytes; /* so far, codings taken off */
    uint64_t most;
    struct http_fault fault;
};

/* HTTP_DONE: there is none. HTTP_REFUSED: announced longer than `most`. */
enum http_read http_body_start(struct http_body *b, const struct http_head *h, uint64_t most);

/* *taken of the data belong to the body, framing included. */
enum http_read http_body_read(struct http_body *b, const char *data, size_t length, size_t *taken);

#endif
