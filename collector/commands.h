/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The verbs of maatstaf-collector that are about the service, for main.c's table: what each takes
 * and who runs it. They open what they need and print; the work is elsewhere.
 */
#ifndef MAATSTAF_COLLECTOR_COMMANDS_H
#define MAATSTAF_COLLECTOR_COMMANDS_H

#include "common/option.h"

/* serve, openapi, token add, token list, token revoke */
enum { SERVICE_COMMANDS = 5 };
extern const struct command service_commands[SERVICE_COMMANDS];

#endif
