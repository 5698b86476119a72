/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The `load` verbs of maatstaf-db, one for each kind of reference data. They print; the work is
 * load's.
 */
#include "sql/commands.h"
#include "sql/load.h"

#include <inttypes.h>
#include <stdio.h>

static bool
load_one(struct db *db, struct arena *a, const struct load_kind *kind, const char *path,
         const struct load_options *options, struct err *e)
{
    struct load_file file;
    struct load_result result;

    if (!load_read(a, path, &file, e) || !load_store(db, a, kind, &file, options, &result, e))
        return false;
    if (result.known)
        printf("%s: loaded before, nothing changed\n", file.name);
    else
        printf("%s: %" PRIu64 " rows of %s loaded\n", file.name, result.rows, kind->name);
    return true;
}

static int
load(const struct program *p, struct arena *a, const struct load_kind *kind, const void *options,
     int argc, char *const *argv)
{
    const struct load_command_options *const given = options;
    const struct load_options o = {
        .area_set = given->area_set,
        .year = given->year <= 0 ? NULL : arena_printf(a, "%" PRId64, given->year),
        .table = given->table,
        .municipality = given->municipality,
    };
    const struct db_target target = command_target(p, "loader");
    struct err e = {0};
    struct db *const db = db_open(a, &target, &e);

    for (int i = 0; db && i < argc; i++) {
        struct arena *const scratch = arena_child(a);
        const bool ok = load_one(db, scratch, kind, argv[i], &o, &e);

        arena_free(scratch);
        if (!ok)
            return program_fail(p, &e);
    }
    return db ? 0 : program_fail(p, &e);
}

#define LOAD_COMMAND(kind)                                                                         \
    int command_load_##kind(const struct program *p, struct arena *a, const void *options,         \
                            int argc, char *const *argv)                                           \
    {                                                                                              \
        return load(p, a, &load_##kind, options, argc, argv);                                      \
    }

LOAD_COMMAND(areas)
LOAD_COMMAND(population)
LOAD_COMMAND(bridge)
LOAD_COMMAND(benchmark)
LOAD_COMMAND(control_totals)
LOAD_COMMAND(area_orders)
LOAD_COMMAND(codes)
LOAD_COMMAND(settings)
