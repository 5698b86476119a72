/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Manifests: what is taken has plain names, each once, and says the same when written out and read
 * again; what is refused says why.
 */
#include "collector/manifest.h"
#include "tests/fuzz/fuzz.h"

static struct span
written(struct arena *a, const struct manifest *m)
{
    struct strbuf *const out = strbuf_new(a, SIZE_MAX);
    json_t *const root = json_own(a, json_object());
    json_t *const files = json_array();

    for (unsigned i = 0; i < m->count; i++) {
        const struct promise *const p = &m->promises[i];
        json_t *const file = p->name ? json_object() : json_incref(root);
        char hex[2 * DIGEST_BYTES + 1];

        hex_of(p->sha256, DIGEST_BYTES, hex);
        json_object_set_new(file, "records", json_integer((json_int_t)p->records));
        json_object_set_new(file, "sha256", json_string(hex));
        if (p->name) {
            json_object_set_new(file, "name", json_string(p->name));
            json_array_append(files, file);
        }
        json_decref(file);
    }
    if (json_array_size(files) > 0)
        json_object_set(root, "files", files);
    json_decref(files);
    json_write(out, root, JSON_CANONICAL);
    return (struct span){out->data, out->length};
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *const a = arena_new();
    struct manifest m, again;
    struct err e = {0};

    if (manifest_parse(a, (struct span){(const char *)data, size}, &m, &e)) {
        must(m.count > 0);
        must(manifest_parse(a, written(a, &m), &again, &e) && again.count == m.count);
        for (unsigned i = 0; i < m.count; i++) {
            const struct promise *const p = &m.promises[i], *const q = &again.promises[i];

            must(!p->name == !q->name && (!p->name || strcmp(p->name, q->name) == 0));
            must(!p->name || (!strchr(p->name, '/') && manifest_find(&m, p->name) == p));
            must(p->records == q->records && memcmp(p->sha256, q->sha256, DIGEST_BYTES) == 0);
        }
    } else {
        must(e.code == ERR_INPUT && e.text[0] != '\0');
    }
    arena_free(a);
    return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static const char *const values[] = {
        "\"files\"",
        "\"name\"",
        "\"records\"",
        "\"sha256\"",
        "\"a/b\"",
        "\"..\"",
        "0",
        "-1",
        "1.5",
        "9223372036854775807",
        "null",
        "{}",
        "[]",
        "\"\\u0000\"",
        "\"0000000000000000000000000000000000000000000000000000000000000000\"",
    };

    return fuzz_mutate_tokens(data, size, max_size, seed, values, sizeof values / sizeof *values);
}
