/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the files of the service share: the running service, the table of its routes (from which the
 * server, the checks of identity and the description of the interface are made), and how an answer
 * is given. Nobody else includes it.
 */
#ifndef MAATSTAF_COLLECTOR_SERVE_INTERNAL_H
#define MAATSTAF_COLLECTOR_SERVE_INTERNAL_H

#include "collector/batches.h"
#include "collector/commit.h"
#include "collector/pool.h"
#include "collector/identity.h"
#include "collector/limit.h"
#include "collector/problem.h"
#include "collector/serve.h"
#include "collector/spool.h"
#include "common/http_server.h"

#include <stdatomic.h>

#define API_VERSION "1.0.0"

enum {
    STOP_MOST = 64 * 1024,         /* bytes of one registration */
    COUNTS_MOST = 2 * 1024 * 1024, /* of control totals or aggregates */
    ANSWER_MOST = 4 * 1024 * 1024
};

struct service {
    const struct serve_options *o;
    struct identities *identities;
    struct limit *guesses, *requests;
    struct pool *pool;
    struct spool *spool;
    struct committer *committer;
    struct batches *batches;
    _Atomic(struct http_server *) http; /* NULL for the first requests of a quick client */
    const char *upload_folder;
    struct span openapi;
    double started;
    atomic_uint_fast64_t denied, limited; /* without identity (401); 429 */
    atomic_bool draining, drained;        /* no more is taken; no post is undecided */
};

/* ---- the table ------------------------------------------------------------------------------- */

enum { ROUTE_ANSWERS_MOST = 4 };

struct route_answer {
    int status;         /* 0: end of the list */
    const char *schema; /* of components/schemas; NULL: no JSON */
    const char *about;
};

struct service_route {
    struct http_route http;
    const char *operation, *tag, *summary, *about;
    const char *schema;                              /* of the body; NULL: none */
    struct route_answer answers[ROUTE_ANSWERS_MOST]; /* that are no problems */
    bool conflicts, others; /* may answer 409; has the source in its path: 403 */
};

extern const struct service_route service_routes[];
extern const unsigned service_route_count;

void serve_post_stop(void *service, struct http_request *r);
void serve_put_stop(void *service, struct http_request *r);
void serve_withdraw_stop(void *service, struct http_request *r);
void serve_stop_status(void *service, struct http_request *r);
void serve_post_batch(void *service, struct http_request *r);
void serve_batch_status(void *service, struct http_request *r);
void serve_control_totals(void *service, struct http_request *r);
void serve_aggregates(void *service, struct http_request *r);
void serve_code_set(void *service, struct http_request *r);
void serve_gaps(void *service, struct http_request *r);
void serve_health(void *service, struct http_request *r);
void serve_ready(void *service, struct http_request *r);
void serve_metrics(void *service, struct http_request *r);
void serve_openapi(void *service, struct http_request *r);

/* ---- answers --------------------------------------------------------------------------------- */

/* Who sent it: set for every route that is not open. */
const struct identity *request_identity(const struct http_request *r);

/* For an open route that is not open to everybody; false: it has answered. */
bool request_known(struct service *s, struct http_request *r);

/* A problem document; retry_s > 0 adds Retry-After. */
void answer_problem(struct http_request *r, int status, const char *code,
                    const struct finding *notes, unsigned count, unsigned retry_s);

/* JSON with a Location when there is one. */
void answer_json(struct http_request *r, int status, const json_t *body, const char *location);

/* A query that went wrong: 503 when it may go through later, else 500; logged, never shown. */
void answer_error(struct http_request *r, const struct err *e);

/* "/v1/stops/{source}/{recordNo}", percent-encoded; NULL when either is empty. */
const char *stop_location(struct arena *a, struct span source, struct span number);

#endif
