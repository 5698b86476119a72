/* SPDX-License-Identifier: EUPL-1.2 */
/* The columns of each kind of file, as the documentation has them; names as the commands have them.
 */
#include "sql/load.h"

#include "gen/queries.h"

#define KIND(kind, name, columns, query)                                                           \
    const struct load_kind load_##kind = {name, columns, sizeof columns / sizeof columns[0], query}

static const struct load_column areas[] = {
    {"area_set", LOAD_TEXT, NULL, NULL, "area-set"},
    {"code", LOAD_TEXT, "area", NULL, NULL},
    {"level", LOAD_TEXT, NULL, "area", NULL},
    {"name", LOAD_TEXT, NULL, NULL, NULL},
    {"parent", LOAD_TEXT, NULL, "", NULL},
    {"valid_from_year", LOAD_INT, "year", "1900", "year"},
    {"valid_to_year", LOAD_INT, NULL, "", NULL},
};
KIND(areas, "areas", areas, &sql_db_load_areas);

static const struct load_column population[] = {
    {"area_set", LOAD_TEXT, NULL, NULL, "area-set"}, {"area_code", LOAD_TEXT, "area", NULL, NULL},
    {"year", LOAD_INT, NULL, NULL, "year"},          {"class", LOAD_TEXT, NULL, "all", NULL},
    {"age_band", LOAD_TEXT, NULL, "all", NULL},      {"persons", LOAD_NUMBER, NULL, NULL, NULL},
    {"rounded_to", LOAD_INT, NULL, "1", NULL},       {"source", LOAD_TEXT, NULL, NULL, "table"},
};
KIND(population, "population", population, &sql_db_load_population);

static const struct load_column bridge[] = {
    {"version", LOAD_TEXT, NULL, NULL, NULL},
    {"group_list", LOAD_TEXT, NULL, "perceived_group", NULL},
    {"class", LOAD_TEXT, NULL, NULL, NULL},
    {"group_code", LOAD_TEXT, "group", NULL, NULL},
    {"weight", LOAD_NUMBER, NULL, NULL, NULL},
    {"low", LOAD_NUMBER, NULL, NULL, NULL},
    {"high", LOAD_NUMBER, NULL, NULL, NULL},
    {"note", LOAD_TEXT, NULL, NULL, NULL},
};
KIND(bridge, "bridge", bridge, &sql_db_load_bridge);

static const struct load_column benchmark[] = {
    {"name", LOAD_TEXT, NULL, NULL, NULL},        {"area_set", LOAD_TEXT, NULL, NULL, "area-set"},
    {"area_code", LOAD_TEXT, "area", NULL, NULL}, {"group_code", LOAD_TEXT, "group", "all", NULL},
    {"period_from", LOAD_DATE, NULL, NULL, NULL}, {"period_to", LOAD_DATE, NULL, NULL, NULL},
    {"exposure", LOAD_NUMBER, NULL, NULL, NULL},  {"unit", LOAD_TEXT, NULL, NULL, NULL},
    {"family", LOAD_TEXT, NULL, NULL, NULL},      {"source", LOAD_TEXT, NULL, NULL, "table"},
};
KIND(benchmark, "benchmark", benchmark, &sql_db_load_benchmark);

static const struct load_column control_totals[] = {
    {"source", LOAD_TEXT, NULL, NULL, NULL},    {"period_from", LOAD_DATE, NULL, NULL, NULL},
    {"period_to", LOAD_DATE, NULL, NULL, NULL}, {"unit_code", LOAD_TEXT, "unit", "all", NULL},
    {"kind", LOAD_TEXT, NULL, NULL, NULL},      {"count", LOAD_INT, NULL, NULL, NULL},
};
KIND(control_totals, "control-totals", control_totals, &sql_db_load_control_totals);

static const struct load_column area_orders[] = {
    {"order_id", LOAD_TEXT, NULL, NULL, NULL},   {"kind", LOAD_TEXT, NULL, NULL, NULL},
    {"valid_from", LOAD_TIME, NULL, NULL, NULL}, {"valid_to", LOAD_TIME, NULL, NULL, NULL},
    {"authority", LOAD_TEXT, NULL, NULL, NULL},  {"published_at", LOAD_TIME, NULL, "", NULL},
    {"areas", LOAD_LIST, NULL, NULL, NULL},
};
KIND(area_orders, "area-orders", area_orders, &sql_db_load_area_orders);

static const struct load_column codes[] = {
    {"list", LOAD_TEXT, NULL, NULL, NULL},       {"code", LOAD_TEXT, NULL, NULL, NULL},
    {"valid_from", LOAD_DATE, NULL, NULL, NULL}, {"valid_to", LOAD_DATE, NULL, "", NULL},
    {"flags", LOAD_LIST, NULL, "", NULL},        {"label_nl", LOAD_TEXT, NULL, NULL, NULL},
    {"label_en", LOAD_TEXT, NULL, NULL, NULL},
};
KIND(codes, "codes", codes, &sql_db_load_codes);

static const struct load_column settings[] = {
    {"name", LOAD_TEXT, NULL, NULL, NULL},
    {"value", LOAD_TEXT, NULL, NULL, NULL},
    {"note", LOAD_TEXT, NULL, NULL, NULL},
};
KIND(settings, "settings", settings, &sql_db_load_settings);
KIND(shipped_settings, "shipped-settings", settings, &sql_db_load_shipped_settings);
