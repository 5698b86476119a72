/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * maatstaf-db: the cluster, the schema, the reference data and the ledger. This file is the table
 * of its verbs.
 */
#include "sql/commands.h"

#define OPTION_OWNER struct psql_options
static const struct option_spec psql_specs[] = {PSQL_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct load_command_options
static const struct option_spec areas_specs[] = {LOAD_AREA_SET(OPTION_SPEC) LOAD_YEAR(OPTION_SPEC)
                                                     LOAD_MUNICIPALITY(OPTION_SPEC)};
static const struct option_spec population_specs[] = {LOAD_OPTIONS(OPTION_SPEC)};
static const struct option_spec benchmark_specs[] = {LOAD_AREA_SET(OPTION_SPEC)
                                                         LOAD_TABLE(OPTION_SPEC)};
#undef OPTION_OWNER
#define OPTION_OWNER struct decide_options
static const struct option_spec decide_specs[] = {DECIDE_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

#define OPTIONS(specs, type) specs, sizeof specs / sizeof specs[0], sizeof(struct type)
#define NO_OPTIONS           NULL, 0, 0
#define LOAD_SPECS(specs)    OPTIONS(specs, load_command_options)
#define LOAD_NO_OPTIONS      NULL, 0, sizeof(struct load_command_options)
#define LOAD(what, columns, options, function)                                                     \
    {                                                                                              \
        "load " what, "FILE...", 1, -1, "store " what " from CSV files",                           \
            "CSV with a header; columns: " columns                                                 \
            "\n\nA file that was loaded before changes nothing.",                                  \
            options, function                                                                      \
    }

#define KWB_TEXT                                                                                   \
    "\n\nTables of CBS \"Kerncijfers wijken en buurten\" are read as StatLine gives them, typed "  \
    "or "                                                                                          \
    "untyped; they do not say their year: give --year"

static const struct command commands[] = {
    {"init", "", 0, 0, "make the private cluster, its schema and the shipped reference data",
     "Safe to repeat: makes what is missing, starts the server, applies migrations, loads the code "
     "lists and the city's figures. With --db the server is not touched.",
     NO_OPTIONS, command_init},
    {"start", "", 0, 0, "start the private cluster and wait until it answers", NULL, NO_OPTIONS,
     command_start},
    {"stop", "", 0, 0, "stop the private cluster", NULL, NO_OPTIONS, command_stop},
    {"status", "", 0, 0, "say whether it runs, and what it holds",
     "Exit status 0 when it runs, 1 when it does not.", NO_OPTIONS, command_status},
    {"migrate", "", 0, 0, "bring the database to the schema of this program", NULL, NO_OPTIONS,
     command_migrate},
    {"psql", "[-- ARGUMENT...]", 0, -1, "open psql on the database",
     "What follows -- goes to psql.", OPTIONS(psql_specs, psql_options), command_psql},
    LOAD("areas",
         "area_set, code, level, name, parent, valid_from_year, valid_to_year" KWB_TEXT ".",
         LOAD_SPECS(areas_specs), command_load_areas),
    LOAD("population",
         "area_set, area_code, year, class, age_band, persons, rounded_to, source" KWB_TEXT
         ", and --table for the record.",
         LOAD_SPECS(population_specs), command_load_population),
    LOAD("bridge", "version, group_list, class, group_code, weight, low, high, note",
         LOAD_NO_OPTIONS, command_load_bridge),
    LOAD("benchmark",
         "name, area_set, area_code, group_code, period_from, period_to, exposure, unit, family, "
         "source",
         LOAD_SPECS(benchmark_specs), command_load_benchmark),
    LOAD("control-totals", "source, period_from, period_to, unit_code, kind, count",
         LOAD_NO_OPTIONS, command_load_control_totals),
    LOAD("area-orders",
         "order_id, kind (151b or 174b), valid_from, valid_to, authority, published_at, areas "
         "(joined "
         "by |)",
         LOAD_NO_OPTIONS, command_load_area_orders),
    LOAD("codes", "list, code, valid_from, valid_to, flags (joined by |), label_nl, label_en",
         LOAD_NO_OPTIONS, command_load_codes),
    LOAD("settings", "name, value, note", LOAD_NO_OPTIONS, command_load_settings),
    {"decide group-mode", "", 0, 0, "record the decision that perceived group may be registered",
     "Without a decision that covers the date of a stop, records with group fields are refused.",
     OPTIONS(decide_specs, decide_options), command_decide_group_mode},
    {"verify-ledger", "", 0, 0, "hold every stored row against the ledger",
     "Exit status 4 and a line for each difference when one is found.", NO_OPTIONS,
     command_verify_ledger},
};

int
main(int argc, char **argv)
{
    const struct program program = {
        .part = "db",
        .summary = "the database: cluster, schema, reference data, ledger",
        .commands = commands,
        .command_count = sizeof commands / sizeof commands[0],
    };

    return program_main(&program, argc, argv);
}
