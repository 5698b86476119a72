/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Routes are few: they are tried in order. A '+' in a query is a plus, as RFC 3986 has it.
 */
#include "common/http_route.h"

#include <string.h>
#include <strings.h>

static bool
refuse(struct http_fault *fault, int status, const char *code)
{
    *fault = (struct http_fault){status, code};
    return false;
}

/* Cuts the part before `by` off *rest; false when nothing is left. */
static bool
next_part(struct span *rest, char by, struct span *part)
{
    if (!rest->data)
        return false;

    const char *const end = rest->length > 0 ? memchr(rest->data, by, rest->length) : NULL;

    *part = *rest;
    if (end) {
        part->length = (size_t)(end - rest->data);
        *rest = (struct span){end + 1, rest->length - part->length - 1};
    } else {
        *rest = (struct span){0};
    }
    return true;
}

static bool
add_parameter(struct arena *a, struct http_parameters *p, struct span name, struct span value)
{
    if (p->count == HTTP_PARAMETERS_MOST)
        return false;

    char *const text = arena_alloc(a, value.length + 1);

    http_decode(value, text);
    p->list[p->count].name = name;
    p->list[p->count++].value = text;
    return true;
}

/* ---- the path -------------------------------------------------------------------------------- */

static bool
is_parameter(struct span part)
{
    return part.length > 2 && part.data[0] == '{';
}

/* With an arena the parameters are taken as well. */
static bool
path_fits(struct arena *a, const char *pattern, struct span path, struct http_parameters *p)
{
    struct span wanted = span_of(pattern), want, part;

    p->count = 0;
    while (next_part(&wanted, '/', &want)) {
        if (!next_part(&path, '/', &part))
            return false;
        if (!is_parameter(want)) {
            if (!span_equal(want, part))
                return false;
        } else if (part.length == 0 ||
                   (a &&
                    !add_parameter(a, p, (struct span){want.data + 1, want.length - 2}, part))) {
            return false;
        }
    }
    return !path.data;
}

static bool
method_fits(const struct http_route *route, struct span method)
{
    return span_is(method, route->method) ||
           (span_is(method, "HEAD") && strcmp(route->method, "GET") == 0);
}

const char *
http_route_methods(struct arena *a, const struct http_route *routes, unsigned count,
                   const struct http_head *h)
{
    struct http_parameters p;
    const char *methods = "";

    for (unsigned i = 0; i < count; i++) {
        if (path_fits(NULL, routes[i].path, h->path, &p))
            methods = arena_printf(a, "%s%s%s%s", methods, *methods ? ", " : "", routes[i].method,
                                   strcmp(routes[i].method, "GET") == 0 ? ", HEAD" : "");
    }
    return methods;
}

/* ---- the query ------------------------------------------------------------------------------- */

static bool
key_known(const char *keys, struct span key)
{
    struct span rest = span_of(keys), known;

    while (next_part(&rest, ' ', &known)) {
        if (known.length > 0 && span_equal(known, key))
            return true;
    }
    return false;
}

/* Known keys, each once, none that the path has too. */
static bool
take_query(struct arena *a, const struct http_route *route, struct span query,
           struct http_parameters *p)
{
    struct span rest = query, pair;

    if (query.length == 0)
        return true;
    while (next_part(&rest, '&', &pair)) {
        const char *const equals = pair.length > 0 ? memchr(pair.data, '=', pair.length) : NULL;

        if (!equals)
            return false;

        const struct span key = {pair.data, (size_t)(equals - pair.data)};

        for (unsigned i = 0; i < p->count; i++) {
            if (span_equal(p->list[i].name, key))
                return false;
        }
        if (!key_known(route->query ? route->query : "", key) ||
            !add_parameter(a, p, key, (struct span){equals + 1, pair.length - key.length - 1}))
            return false;
    }
    return true;
}

/* ---- the body -------------------------------------------------------------------------------- */

static bool
same(struct span s, const char *word)
{
    return strlen(word) == s.length && strncasecmp(s.data, word, s.length) == 0;
}

/* The route's type, and no parameter but charset=utf-8. */
static bool
media_fits(const char *media, struct span type)
{
    struct span rest = type, part;

    if (!next_part(&rest, ';', &part) || !same(span_trim(part), media))
        return false;
    if (!rest.data)
        return true;
    rest = span_trim(rest);
    return same(rest, "charset=utf-8") || same(rest, "charset=\"utf-8\"");
}

static bool
accepts(const struct http_route *route, const struct http_head *h, struct http_fault *fault)
{
    if (h->content_encoding.length > 0)
        return refuse(fault, 415, "media");
    if (!route->media)
        return (!h->chunked && h->length == 0) || refuse(fault, 413, "too-large");
    if (!h->content_type.data || !media_fits(route->media, h->content_type))
        return refuse(fault, 415, "media");
    return h->length <= route->body_most || refuse(fault, 413, "too-large");
}

const struct http_route *
http_route_find(struct arena *a, const struct http_route *routes, unsigned count,
                const struct http_head *h, struct http_parameters *p, struct http_fault *fault)
{
    bool known = false;

    for (unsigned i = 0; i < count; i++) {
        const bool method = method_fits(&routes[i], h->method);

        if (!path_fits(method ? a : NULL, routes[i].path, h->path, p))
            continue;
        known = true;
        if (!method)
            continue;
        if (!take_query(a, &routes[i], h->query, p)) {
            refuse(fault, 400, "parameter");
            return NULL;
        }
        return accepts(&routes[i], h, fault) ? &routes[i] : NULL;
    }
    refuse(fault, known ? 405 : 404, known ? "method" : "not-found");
    return NULL;
}
