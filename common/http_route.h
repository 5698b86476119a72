/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Finds the route of a request and takes its parameters apart: those of the path, those of the
 * query, and whether its body is of the route's media type. No input or output; what is decoded
 * belongs to the arena.
 */
#ifndef MAATSTAF_COMMON_HTTP_ROUTE_H
#define MAATSTAF_COMMON_HTTP_ROUTE_H

#include "common/http_head.h"
#include "common/http_server.h"

enum { HTTP_PARAMETERS_MOST = 12 };

struct http_parameters {
    struct {
        struct span name; /* in the route's path or query */
        const char *value;
    } list[HTTP_PARAMETERS_MOST];
    unsigned count;
};

/*
 * NULL with a fault: 404, 405, 400 for its query, 413 or 415 for its body. A HEAD request finds
 * the route of GET. Reads path, query and the fields about the body.
 */
const struct http_route *http_route_find(struct arena *a, const struct http_route *routes,
                                         unsigned count, const struct http_head *h,
                                         struct http_parameters *p, struct http_fault *fault);

/* The methods that the path knows, for the field Allow; "" when it is no path of ours. */
const char *http_route_methods(struct arena *a, const struct http_route *routes, unsigned count,
                               const struct http_head *h);

#endif
