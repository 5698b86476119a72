/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A few threads that take jobs in the order in which they came. As many jobs may wait as was said
 * at the start; who hands in more has lost count. The jobs are the caller's.
 */
#ifndef MAATSTAF_COMMON_HTTP_WORKERS_H
#define MAATSTAF_COMMON_HTTP_WORKERS_H

#include "common/err.h"

struct http_workers;

struct http_workers *http_workers_start(unsigned threads, unsigned most, void (*run)(void *job),
                                        struct err *e);
void http_workers_add(struct http_workers *w, void *job); /* any thread */
void http_workers_stop(struct http_workers *w); /* after the jobs that wait; NULL allowed */

#endif
