/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The description of the interface (OpenAPI 3.0), made from the tables that the service works by:
 * fields, code lists as shipped, rules, problems and routes. An installation whose code lists
 * differ gives them at /v1/code-sets. It holds no choice of its own but words.
 */
#ifndef MAATSTAF_COLLECTOR_OPENAPI_H
#define MAATSTAF_COLLECTOR_OPENAPI_H

#include "common/json.h"

/* The whole document, the arena's. */
bool openapi_text(struct arena *a, struct span *out, struct err *e);

/* components/schemas of it. */
json_t *openapi_schemas(struct arena *a, struct err *e);

#endif
