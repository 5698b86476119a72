/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What every answer of the HTTP service carries, and an answer as bytes for when libmicrohttpd has
 * no part in it (before it saw the request). No input or output.
 */
#ifndef MAATSTAF_COMMON_HTTP_REPLY_H
#define MAATSTAF_COMMON_HTTP_REPLY_H

#include "common/http_server.h"

enum { HTTP_REPLY_FIELDS = 32 };

struct http_reply {
    struct http_field fields[HTTP_REPLY_FIELDS];
    unsigned count;
};

/* Security fields (HSTS under TLS), the service's own, the answer's: later ones replace earlier
 * ones of the same name. A value that could end a line is left out. */
void http_reply_fields(struct http_reply *reply, bool tls, const struct http_field *service,
                       unsigned service_count, const struct http_answer *answer);

/* Status line, fields and, unless `head`, the body. */
struct span http_reply_bytes(struct arena *a, const struct http_reply *reply,
                             const struct http_answer *answer, bool close, bool head);

#endif
