/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One pass over the bytes that counts braces and steps over strings. A backslash in a name or value
 * of interest makes it start over with the real parser, which is slow and rare.
 */
#include "collector/envelope.h"
#include "common/json.h"

#include <string.h>

struct scan {
    const char *at, *end;
    bool escapes; /* the last string had a backslash */
};

/* The string that begins at s->at (a quote), without its quotes; s->at is behind it. */
static struct span
take_string(struct scan *s)
{
    const char *const start = ++s->at;

    s->escapes = false;
    while (s->at < s->end && *s->at != '"') {
        if (*s->at == '\\') {
            s->escapes = true;
            s->at++;
        }
        if (s->at < s->end)
            s->at++;
    }

    const struct span text = {start, (size_t)(s->at - start)};

    if (s->at < s->end)
        s->at++;
    return text;
}

static void
skip_space(struct scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
        s->at++;
}

static struct span *
member_of(struct envelope *e, struct span name)
{
    if (span_is(name, "source_system"))
        return &e->source_system;
    if (span_is(name, "source_record_no"))
        return &e->source_record_no;
    return span_is(name, "tx_type") ? &e->tx_type : NULL;
}

/* A name of the outermost object; false when the parser is needed. */
static bool
take_member(struct scan *s, struct envelope *out)
{
    const struct span name = take_string(s);

    if (s->escapes)
        return false;

    struct span *const member = member_of(out, name);

    skip_space(s);
    if (!member || s->at >= s->end || *s->at != ':')
        return true;
    s->at++;
    skip_space(s);
    if (s->at >= s->end || *s->at != '"')
        return true;
    *member = take_string(s);
    return !s->escapes;
}

static bool
scan(struct span text, struct envelope *out)
{
    struct scan s = {text.data, text.data + text.length, false};
    int depth = 0;

    while (s.at < s.end) {
        const char c = *s.at;

        if (c == '"' && depth == 1) {
            if (!take_member(&s, out))
                return false;
            continue;
        }
        if (c == '"') {
            (void)take_string(&s);
            continue;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        s.at++;
    }
    return true;
}

static struct span
member_text(struct arena *a, const json_t *root, const char *name)
{
    const json_t *const value = json_object_get(root, name);

    if (!json_is_string(value))
        return (struct span){NULL, 0};
    return (struct span){arena_strndup(a, json_string_value(value), json_string_length(value)),
                         json_string_length(value)};
}

void
envelope_read(struct arena *a, struct span text, struct envelope *out)
{
    struct err e;

    *out = (struct envelope){0};
    if (text.length == 0 || scan(text, out))
        return;

    const json_t *const root = json_parse(a, text, 0, &e);

    *out = (struct envelope){
        .source_system = member_text(a, root, "source_system"),
        .source_record_no = member_text(a, root, "source_record_no"),
        .tx_type = member_text(a, root, "tx_type"),
    };
}
