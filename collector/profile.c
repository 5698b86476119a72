/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Finding and reading profiles, and what the rest of the collector may know of one.
 */
#include "collector/profile_source.h"
#include "common/reader.h"
#include "sql/db.h"

#include <string.h>

enum { FILE_MOST = 1024 * 1024 };

static const char folder[] = "collector/profiles/";
static const char ending[] = ".json";

static bool
is_path(const char *name)
{
    const size_t n = strlen(name);

    return strchr(name, '/') || (n > 5 && strcmp(name + n - 5, ending) == 0);
}

static const struct profile *
load_file(struct arena *a, const char *path, struct err *e)
{
    struct file_reader *const f = file_reader_open(a, path, e);

    if (!f)
        return NULL;
    if (file_reader_size(f) > FILE_MOST) {
        err_set(e, ERR_CONFIG, "profile %s is larger than %d bytes", path, FILE_MOST);
        return NULL;
    }
    struct strbuf *const b = strbuf_new(a, FILE_MOST);
    const struct reader in = file_reader_reader(f);
    char block[4096];
    size_t got = 0;
    do {
        if (!in.read(in.context, block, sizeof block, &got, e))
            return NULL;
    } while (got > 0 && strbuf_add(b, block, got));
    return profile_compile(a, path, (struct span){b->data, b->length}, e);
}

const struct profile *
profile_load(struct arena *a, const char *name, struct err *e)
{
    if (is_path(name))
        return load_file(a, name, e);
    const struct sql_script *const script =
        sql_script_find(arena_printf(a, "%s%s%s", folder, name, ending));
    if (!script) {
        err_set(e, ERR_CONFIG, "there is no profile %s", name);
        err_hint(e, "maatstaf collector profiles lists them; a file of yours needs its path");
        return NULL;
    }
    return profile_compile(a, name, (struct span){script->text, (size_t)script->length}, e);
}

const char *
profile_name(const struct profile *p)
{
    return p->name;
}

const char *
profile_description(const struct profile *p)
{
    return p->description;
}

const char *
profile_area_set(const struct profile *p)
{
    return p->area_set;
}

const char *
profile_group_list(const struct profile *p)
{
    return p->group_list;
}

const char *
profile_text_language(const struct profile *p)
{
    return p->text_language;
}

const char *
profile_zone(const struct profile *p)
{
    return p->zone;
}

int64_t
profile_go_live(const struct profile *p)
{
    return p->go_live;
}

bool
profile_areas_open(const struct profile *p)
{
    return p->areas_open;
}

const struct profile_code *
profile_codes(const struct profile *p, unsigned *count)
{
    *count = p->code_count;
    return p->codes;
}

/* A profile that does not load is listed with what is wrong with it. */
const char *const *
profile_list(struct arena *a)
{
    const char **const list = arena_array(a, (size_t)sql_script_count * 2 + 1, sizeof *list);
    size_t n = 0;

    for (unsigned i = 0; i < sql_script_count; i++) {
        const char *const path = sql_scripts[i].path;
        if (strncmp(path, folder, sizeof folder - 1) != 0)
            continue;
        struct err e = {0};
        const size_t length = strlen(path) - (sizeof folder - 1) - (sizeof ending - 1);
        const char *const name = arena_strndup(a, path + sizeof folder - 1, length);
        const struct profile *const p = profile_load(a, name, &e);
        list[n++] = name;
        list[n++] = p ? p->description : arena_strdup(a, e.text);
    }
    return list;
}

const struct coverage *
profile_gaps(const struct profile *p)
{
    return p && p->has_gaps ? &p->gaps : NULL;
}

const struct coverage *
profile_coverage(const struct profile *p)
{
    static const struct coverage all = {
#define COVER(table, name, ...) [table##_##name] = true,
        .stop = {STOP_FIELDS(COVER) STOP_DERIVED(COVER)},
        .person = {PERSON_FIELDS(COVER) PERSON_DERIVED(COVER)},
        .text = {TEXT_FIELDS(COVER)},
        .trait = {TRAIT_FIELDS(COVER)},
        .group = {GROUP_FIELDS(COVER) GROUP_DERIVED(COVER)},
        .action = {ACTION_FIELDS(COVER)},
        .find = {FIND_FIELDS(COVER)},
        .result = {RESULT_FIELDS(COVER)},
        .officer = {OFFICER_FIELDS(COVER)},
#undef COVER
    };
    return p ? &p->coverage : &all;
}
