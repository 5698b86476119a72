/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Frames newline-delimited JSON: one line a record, split at LF only (a CR before it is taken
 * off; U+2028 is text). A UTF-8 byte-order mark is taken off the first line. Memory is one line,
 * capped. Blank lines are skipped and counted.
 */
#ifndef MAATSTAF_COMMON_NDJSON_H
#define MAATSTAF_COMMON_NDJSON_H

#include "common/reader.h"

enum ndjson_status {
    NDJSON_LINE,
    NDJSON_END,
    NDJSON_LONG, /* this line passes the limit: skipped to its end without keeping it */
    NDJSON_FATAL /* read error */
};

struct ndjson_line {
    uint64_t number;  /* 1-based */
    struct span text; /* valid until the next call */
    char first;       /* its first byte that is no blank, also of a line that is too long */
    bool terminated;
};

struct ndjson;

/* line_bytes 0 means 16,384. */
struct ndjson *ndjson_new(struct arena *a, struct reader in, size_t line_bytes);
enum ndjson_status ndjson_next(struct ndjson *n, struct ndjson_line *line, struct err *e);
uint64_t ndjson_blank_lines(const struct ndjson *n);

#endif
