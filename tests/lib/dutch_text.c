/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Sentences and lists from a folder, filled in. templates.txt: kind, tab, sentence; {x} is the
 * identifier, {n}, {time}, {amount} are drawn, any other {word} is a list of words.txt (name, tab,
 * words separated by |). A sentence of kind "any" serves every identifier.
 */
#include "tests/lib/dutch_text_internal.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 4096, MOST_LISTS = 64, MOST_TEMPLATES = 600, MOST_WORDS = 200 };

struct list {
    const char *name;
    unsigned count;
    const char *words[MOST_WORDS];
};

struct dutch {
    unsigned list_count, template_count[DUTCH_KINDS];
    struct list lists[MOST_LISTS];
    const char *templates[DUTCH_KINDS][MOST_TEMPLATES];
};

const char *
dutch_kind_name(enum dutch_kind kind)
{
    static const char *const names[DUTCH_KINDS] = {
        "bsn",    "iban",  "email",    "url",    "phone", "plate",    "address",
        "street", "birth", "document", "titled", "name",  "initials", "clean"};

    return names[kind];
}

/* ---- reading --------------------------------------------------------------------------------- */

static void
take_list(struct dutch *d, char *name, char *words)
{
    struct list *const l = &d->lists[d->list_count++];

    ck_assert(d->list_count <= MOST_LISTS);
    l->name = name;
    while (words && l->count < MOST_WORDS) {
        char *const bar = strchr(words, '|');

        if (bar)
            *bar = '\0';
        l->words[l->count++] = words;
        words = bar ? bar + 1 : NULL;
    }
    ck_assert_msg(!words, "list %s is too long", name);
}

static void
take_template(struct dutch *d, char *kind, char *sentence)
{
    bool known = false;

    for (unsigned k = 0; k < DUTCH_KINDS; k++) {
        const bool any = strcmp(kind, "any") == 0 && k != DUTCH_CLEAN && k != DUTCH_TITLED;
        const bool name = strcmp(kind, "name") == 0 && k == DUTCH_INITIALS;

        if (!any && !name && strcmp(kind, dutch_kind_name((enum dutch_kind)k)) != 0)
            continue;
        known = true;
        ck_assert(d->template_count[k] < MOST_TEMPLATES);
        d->templates[k][d->template_count[k]++] = sentence;
    }
    ck_assert_msg(known, "no kind %s", kind);
}

static void
read_lines(struct dutch *d, struct arena *a, const char *folder, const char *file,
           void (*take)(struct dutch *, char *, char *))
{
    FILE *const f = fopen(arena_printf(a, "%s/%s", folder, file), "r");
    char line[LINE_BYTES];

    ck_assert_msg(f != NULL, "%s/%s is not here", folder, file);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';

        char *const own = arena_strdup(a, line), *const tab = strchr(own, '\t');

        ck_assert_msg(tab != NULL, "%s: no tab in: %s", file, line);
        *tab = '\0';
        take(d, own, tab + 1);
    }
    fclose(f);
}

struct dutch *
dutch_open(struct arena *a, const char *folder)
{
    struct dutch *const d = arena_alloc(a, sizeof *d);

    read_lines(d, a, folder, "words.txt", take_list);
    read_lines(d, a, folder, "templates.txt", take_template);
    for (unsigned k = 0; k < DUTCH_KINDS; k++)
        ck_assert_uint_gt(d->template_count[k], 0);
    return d;
}

unsigned
dutch_templates(const struct dutch *d, enum dutch_kind kind)
{
    return d->template_count[kind];
}

/* ---- filling in ------------------------------------------------------------------------------ */

const char *
dutch_word(const struct dutch *d, struct rng *r, const char *list)
{
    for (unsigned i = 0; i < d->list_count; i++)
        if (strcmp(d->lists[i].name, list) == 0)
            return d->lists[i].words[dutch_below(r, d->lists[i].count)];
    ck_abort_msg("no list %s", list);
}

static void
add_slot(const struct dutch *d, struct rng *r, const char *slot, struct strbuf *out)
{
    if (strcmp(slot, "n") == 0)
        strbuf_printf(out, "%u", 2 + dutch_below(r, dutch_below(r, 2) ? 10 : 110));
    else if (strcmp(slot, "amount") == 0)
        strbuf_printf(out, "%u,%02u", 5 + dutch_below(r, 2400), dutch_below(r, 100));
    else if (strcmp(slot, "time") == 0)
        strbuf_printf(out, "%02u%c%02u", dutch_below(r, 24), ".:"[dutch_below(r, 2)],
                      dutch_below(r, 60));
    else
        strbuf_add_text(out, dutch_word(d, r, slot));
}

void
dutch_draw(struct dutch *d, struct rng *r, enum dutch_kind kind, enum dutch_disguise how,
           struct strbuf *out)
{
    const char *t = d->templates[kind][dutch_below(r, d->template_count[kind])];

    strbuf_clear(out);
    while (*t) {
        const size_t end = *t == '{' ? strcspn(t, "}") : 0;
        char slot[32];

        if (end == 0) {
            strbuf_add_char(out, *t++);
            continue;
        }
        ck_assert(end < sizeof slot);
        memcpy(slot, t + 1, end - 1);
        slot[end - 1] = '\0';
        t += end + 1;
        if (strcmp(slot, "x") == 0) {
            char form[DUTCH_FORM_BYTES];

            dutch_form(d, r, kind, form);
            dutch_disguise(r, kind, how, form, out);
        } else {
            add_slot(d, r, slot, out);
        }
    }
    ck_assert(!out->overflow);
}
