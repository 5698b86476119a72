/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The ids of registrations that wait in the spool, so that their senders can ask after them. Until
 * the spool is empty an id stays, also when its record is in the database already: who asks looks
 * there too. Safe between threads.
 */
#ifndef MAATSTAF_COLLECTOR_COMMIT_WAITING_H
#define MAATSTAF_COLLECTOR_COMMIT_WAITING_H

#include "common/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct waiting;

struct waiting *waiting_new(struct arena *a);
void waiting_add(struct waiting *w, const uint8_t id[16]);
void waiting_clear(struct waiting *w); /* the spool is empty */
bool waiting_has(struct waiting *w, const uint8_t id[16]);

#endif
