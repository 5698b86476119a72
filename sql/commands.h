/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The verbs of maatstaf-db: what main.c lists in its table, one file a kind. They print, and are
 * the only part of sql/ that does.
 */
#ifndef MAATSTAF_SQL_COMMANDS_H
#define MAATSTAF_SQL_COMMANDS_H

#include "common/option.h"
#include "sql/db.h"

#define PSQL_OPTIONS(X)                                                                            \
    X(TEXT, as, "as", "ROLE", NULL, "database role to act as (default: the owner)")
OPTION_STRUCT(psql_options, PSQL_OPTIONS);

/* Each kind of file has those of these that can matter to it; what it has not is 0. */
#define LOAD_AREA_SET(X)                                                                           \
    X(TEXT, area_set, "area-set", "NAME", NULL, "set of areas, when the file has no such column")
#define LOAD_YEAR(X)                                                                               \
    X(INT, year, "year", "YEAR", NULL, "year of the figures, when the file does not say it")
#define LOAD_TABLE(X)                                                                              \
    X(TEXT, table, "table", "ID", NULL, "where the figures come from, e.g. 84799NED")
#define LOAD_MUNICIPALITY(X)                                                                       \
    X(TEXT, municipality, "municipality", "CODE", NULL, "city of a CBS table (default GM0518)")
#define LOAD_OPTIONS(X) LOAD_AREA_SET(X) LOAD_YEAR(X) LOAD_TABLE(X) LOAD_MUNICIPALITY(X)
OPTION_STRUCT(load_command_options, LOAD_OPTIONS);

#define DECIDE_OPTIONS(X)                                                                          \
    X(TEXT, mode, "mode", "LIST", NULL, "!perceived, self, or both joined by a comma")             \
    X(TEXT, decision, "decision", "ID", NULL, "!identifier of the decision")                       \
    X(TEXT, dpia, "dpia", "ID", NULL, "!impact assessment that it rests on")                       \
    X(DATE, from, "from", "DATE", NULL, "!first stop date")                                        \
    X(DATE, until, "until", "DATE", NULL, "!last stop date")
OPTION_STRUCT(decide_options, DECIDE_OPTIONS);

typedef int command_fn(const struct program *p, struct arena *a, const void *options, int argc,
                       char *const *argv);

command_fn command_init, command_start, command_stop, command_status, command_migrate, command_psql;
command_fn command_load_areas, command_load_population, command_load_bridge, command_load_benchmark,
    command_load_control_totals, command_load_area_orders, command_load_codes,
    command_load_settings;
command_fn command_decide_group_mode, command_verify_ledger;

/* The target of --db and --home, acting as role (NULL: the login). */
struct db_target command_target(const struct program *p, const char *role);

#endif
