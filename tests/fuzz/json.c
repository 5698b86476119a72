/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * JSON from outside: what is read and written canonically is read again as the same value and
 * written as the same bytes, and so is the form for people; what is refused says why. And the small
 * documents beside registrations (control totals, aggregates): rows or findings, and nothing of the
 * input in the answer. The first byte is how deep nesting may be.
 */
#include "collector/form.h"
#include "tests/fuzz/fuzz.h"

static void
check_form(struct arena *a, const struct form *form, struct span text)
{
    struct findings found = {0};
    const json_t *const rows = form_read(a, form, text, &found);

    must((rows == NULL) == (found.count > 0));
    if (!rows) {
        fuzz_check_problem(a, found.list, found.count);
        return;
    }
    must(json_array_size(rows) > 0 && json_array_size(rows) <= form->rows_most);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *const row = json_array_get(rows, i);

        must(json_object_size(row) <= form->count);
        for (unsigned k = 0; k < form->count; k++) {
            const json_t *const value = json_object_get(row, form->fields[k].name);

            must(value || !form->fields[k].required);
            must(!value || json_is_string(value) == (form->fields[k].type != FORM_COUNT));
            must(!json_is_string(value) || json_string_length(value) > 0);
        }
    }
}

static unsigned
depth_of(const json_t *j)
{
    unsigned most = 0, here;
    const char *key;
    json_t *value;
    size_t i;

    json_object_foreach((json_t *)(uintptr_t)j, key, value) if ((here = depth_of(value)) > most)
        most = here;
    json_array_foreach(j, i, value) if ((here = depth_of(value)) > most) most = here;
    return most + (json_is_object(j) || json_is_array(j));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum json_style styles[] = {JSON_CANONICAL, JSON_PRETTY};

    if (size == 0)
        return 0;

    struct arena *const a = arena_new();
    const struct span text = {(const char *)data + 1, size - 1};
    const unsigned depth = 1 + data[0] % 12;
    struct err e = {0};
    const json_t *const tree = json_parse(a, text, depth, &e);

    must((tree == NULL) == (e.text[0] != '\0'));
    must(!tree || depth_of(tree) <= depth);
    must(!fuzz_holds(span_of(e.text), CANARY));
    for (unsigned i = 0; tree && i < 2; i++) {
        struct strbuf *const one = strbuf_new(a, SIZE_MAX), *const two = strbuf_new(a, SIZE_MAX);
        json_t *again;

        json_write(one, tree, styles[i]);
        again = json_parse(a, (struct span){one->data, one->length}, depth, &e);
        must(again != NULL);
        json_write(two, again, styles[i]);
        must(one->length == two->length && memcmp(one->data, two->data, one->length) == 0);
    }
    check_form(a, &form_control_totals, text);
    check_form(a, &form_aggregates, text);
    arena_free(a);
    return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static const char *const values[] = {
        "0",
        "-0",
        "1.0",
        "1e400",
        "1e-400",
        "123456789012345678901",
        "0.1",
        "-1e22",
        "true",
        "null",
        "{}",
        "[[[]]]",
        "\"\\u0000\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud800\"",
        CANARY_JSON,
        "\"count\"",
        "\"2026-11\"",
        "\"2026-11-31\"",
        "\"persons\"",
        "{\"a\":1,\"a\":2}",
    };

    return fuzz_mutate_tokens(data, size, max_size, seed, values, sizeof values / sizeof *values);
}
