/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Strict: a manifest that says anything we do not understand is refused, because what it meant to
 * promise would go unchecked.
 */
#include "collector/manifest.h"
#include "common/json.h"
#include "common/reader.h"

#include <string.h>

enum { FILES_MOST = 100000, KEY_SHOWN = 60 };

/* Names the key, unless it is one that could not be printed as it is. */
static bool
unknown_key(const char *key, struct err *e)
{
    const size_t length = strlen(key);
    bool plain = length > 0 && length <= KEY_SHOWN;

    for (size_t i = 0; i < length && plain; i++)
        plain = key[i] > ' ' && key[i] <= '~' && key[i] != '"';
    if (plain)
        err_set(e, ERR_INPUT, "manifest has an unknown key \"%s\"", key);
    else
        err_set(e, ERR_INPUT, "manifest has an unknown key, of %zu bytes or unusual characters",
                length);
    return err_hint(e, "a manifest holds files, and of each file name, records and sha256");
}

static bool
only_keys(json_t *object, const char *const *allowed, unsigned count, struct err *e)
{
    const char *key;
    const json_t *value;

    json_object_foreach(object, key, value)
    {
        bool known = false;

        for (unsigned i = 0; i < count; i++)
            known = known || strcmp(key, allowed[i]) == 0;
        if (!known)
            return unknown_key(key, e);
    }
    return true;
}

/* A base name: one that could lead elsewhere is never compared with anything. */
static bool
read_name(struct arena *a, const json_t *file, struct promise *p, struct err *e)
{
    const char *const name = json_string_value(json_object_get(file, "name"));

    if (!name || name[0] == '\0')
        return err_set(e, ERR_INPUT, "manifest: name is missing");
    if (strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return err_set(e, ERR_INPUT, "manifest: name must be a file name without a path");
    p->name = arena_strdup(a, name);
    return true;
}

static bool
read_promise(const json_t *file, struct promise *p, struct err *e)
{
    const json_t *const records = json_object_get(file, "records");
    const char *const sha256 = json_string_value(json_object_get(file, "sha256"));

    if (!json_is_integer(records) || json_integer_value(records) < 0)
        return err_set(e, ERR_INPUT, "manifest: records must be a whole number of at least 0");
    if (!sha256 || strlen(sha256) != 2 * DIGEST_BYTES ||
        !hex_parse(span_of(sha256), p->sha256, DIGEST_BYTES))
        return err_set(e, ERR_INPUT, "manifest: sha256 must be 64 hexadecimal digits");
    p->records = (uint64_t)json_integer_value(records);
    return true;
}

static bool
read_files(struct arena *a, json_t *files, struct manifest *m, struct err *e)
{
    static const char *const keys[] = {"name", "records", "sha256"};
    const size_t count = json_array_size(files);

    if (!json_is_array(files) || count == 0 || count > FILES_MOST)
        return err_set(e, ERR_INPUT, "manifest: files must be a list of 1 to %d", FILES_MOST);

    struct promise *const promises = arena_array(a, count, sizeof *promises);

    for (size_t i = 0; i < count; i++) {
        json_t *const file = json_array_get(files, i);

        if (!json_is_object(file))
            return err_set(e, ERR_INPUT, "manifest: file %zu is not an object", i + 1);
        if (!only_keys(file, keys, 3, e) || !read_name(a, file, &promises[i], e) ||
            !read_promise(file, &promises[i], e))
            return err_context(e, "file %zu", i + 1);
        m->count = (unsigned)i;
        m->promises = promises;
        if (manifest_find(m, promises[i].name))
            return err_set(e, ERR_INPUT, "manifest: file %zu is named twice", i + 1);
    }
    m->count = (unsigned)count;
    return true;
}

bool
manifest_parse(struct arena *a, struct span text, struct manifest *m, struct err *e)
{
    static const char *const long_form[] = {"files"};
    static const char *const short_form[] = {"records", "sha256"};
    json_t *const root = json_parse(a, text, 0, e);

    *m = (struct manifest){0, NULL};
    if (!root)
        return err_context(e, "manifest");
    if (!json_is_object(root))
        return err_set(e, ERR_INPUT, "manifest is not a JSON object");

    json_t *const files = json_object_get(root, "files");

    if (files)
        return only_keys(root, long_form, 1, e) && read_files(a, files, m, e);

    struct promise *const p = arena_alloc(a, sizeof *p);

    if (!only_keys(root, short_form, 2, e) || !read_promise(root, p, e))
        return false;
    *m = (struct manifest){1, p};
    return true;
}

const struct promise *
manifest_find(const struct manifest *m, const char *name)
{
    for (unsigned i = 0; i < m->count; i++)
        if (!m->promises[i].name || strcmp(m->promises[i].name, name) == 0)
            return &m->promises[i];
    return NULL;
}

/* ---- the file -------------------------------------------------------------------------------- */

enum { MANIFEST_MOST = 16 * 1024 * 1024 };

bool
manifest_read(struct arena *a, const char *path, struct manifest *m, struct err *e)
{
    struct file_reader *const f = file_reader_open(a, path, e);

    if (!f)
        return false;

    const struct reader in = file_reader_reader(f);
    struct strbuf *const text = strbuf_new(a, MANIFEST_MOST);
    size_t got = 1;

    while (got > 0) {
        if (!strbuf_reserve(text, 65536))
            return err_set(e, ERR_INPUT, "%s: longer than %d bytes", path, MANIFEST_MOST);
        if (!in.read(in.context, text->data + text->length, 65536, &got, e))
            return false;
        text->length += got;
    }
    return manifest_parse(a, (struct span){text->data, text->length}, m, e) ||
           err_context(e, "%s", path);
}
