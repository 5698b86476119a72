/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From a head that was let in to a route of the service: parameters are decoded text, each once,
 * of the route's own names; a body is of the route's type and size; a refusal has a status and the
 * known kinds of problem. And what may be a token: of one length and form, or none.
 */
#include "collector/serve_internal.h"
#include "collector/token.h"
#include "common/http_route.h"
#include "common/utf8.h"
#include "tests/fuzz/fuzz.h"

enum { ROUTES_MOST = 32 };

static const struct http_head_limits limits = {1024, 512, 24};
static struct http_route routes[ROUTES_MOST];

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    must(service_route_count <= ROUTES_MOST);
    for (unsigned i = 0; i < service_route_count; i++)
        routes[i] = service_routes[i].http;
    return 0;
}

/* A word of a list, or of a path with its braces taken off. */
static bool
is_word(const char *list, struct span word)
{
    for (const char *at = list; at && *at; at++)
        if (strncmp(at, word.data, word.length) == 0 && strchr(" }", at[word.length]) &&
            (at == list || strchr(" {", at[-1])))
            return true;
    return false;
}

static void
check_found(const struct http_route *route, const struct http_head *h,
            const struct http_parameters *p)
{
    must(span_is(h->method, route->method) || span_is(h->method, "HEAD"));
    must(h->content_encoding.length == 0);
    must(route->media ? h->length <= route->body_most || route->body_to_file
                      : h->length == 0 && !h->chunked);
    for (unsigned i = 0; i < p->count; i++) {
        const struct span value = span_of(p->list[i].value);
        size_t bad;

        must(utf8_valid(value, &bad));
        for (size_t k = 0; k < value.length; k++)
            must((unsigned char)value.data[k] >= ' ' && value.data[k] != 0x7f);
        must(is_word(route->path, p->list[i].name) || is_word(route->query, p->list[i].name));
        for (unsigned k = 0; k < i; k++)
            must(!span_equal(p->list[i].name, p->list[k].name));
    }
}

static void
check_token(struct span authorization)
{
    uint8_t digest[DIGEST_BYTES];

    for (size_t from = 0; from < authorization.length && from < 12; from++) {
        const struct span rest = {authorization.data + from, authorization.length - from};

        must(!token_digest(rest, digest) ||
             (rest.length == TOKEN_LENGTH && strncmp(rest.data, TOKEN_PREFIX, 9) == 0));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct http_head h;
    struct arena *const a = arena_new();
    char *const exact = malloc(size > 0 ? size : 1);

    must(exact != NULL);
    memcpy(exact, data, size);
    http_head_start(&h);
    if (http_head_read(&h, exact, size, &limits) == HTTP_DONE) {
        struct http_parameters p = {0};
        struct http_fault fault = {0};
        const struct http_route *const route =
            http_route_find(a, routes, service_route_count, &h, &p, &fault);
        const char *const methods = http_route_methods(a, routes, service_route_count, &h);

        must((route == NULL) == (fault.status != 0));
        if (route)
            check_found(route, &h, &p);
        else
            must(strcmp(problem_kind_find(fault.code)->code, fault.code) == 0);
        must((fault.status == 404) == (*methods == '\0'));
        must(fault.status != 405 || !fuzz_holds(span_of(methods), "HEAD") ||
             !span_is(h.method, "GET"));
        check_token(h.authorization);
    }
    free(exact);
    arena_free(a);
    return 0;
}
