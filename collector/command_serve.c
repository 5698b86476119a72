/* SPDX-License-Identifier: EUPL-1.2 */
/* The verbs about the service: it itself, its description, and who may hand something over. */
#include "collector/commands.h"
#include "collector/openapi.h"
#include "collector/serve.h"
#include "collector/token.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LIST_MOST = 4 * 1024 * 1024 };

/* Who may hand something over is decided by who loads reference data. */
static struct db *
open_as_loader(const struct program *p, struct arena *a, struct err *e)
{
    const struct db_target target = {p->global->db, p->global->home, "loader",
                                     p->global->db_timeout};

    return db_open(a, &target, e);
}

/* ---- serve ------------------------------------------------------------------------------------
 */

#define OPTION_OWNER struct serve_options
static const struct option_spec serve_specs[] = {SERVE_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

static int
run_serve(const struct program *p, struct arena *a, const void *options, int argc,
          char *const *argv)
{
    (void)argc;
    (void)argv;
    return serve_run(p, a, options);
}

static int
run_openapi(const struct program *p, struct arena *a, const void *options, int argc,
            char *const *argv)
{
    struct span text;
    struct err e;

    (void)options;
    (void)argc;
    (void)argv;
    if (!openapi_text(a, &text, &e))
        return program_fail(p, &e);
    (void)fwrite(text.data, 1, text.length, stdout);
    return 0;
}

/* ---- token ------------------------------------------------------------------------------------
 */

#define TOKEN_OPTIONS(X)                                                                           \
    X(TEXT, source, "source", "SYSTEM", NULL, "!the one source system that it may hand over for")  \
    X(TEXT, label, "label", "TEXT", NULL, "!what people know it by")                               \
    X(TEXT, certificate, "certificate", "NAME", NULL,                                              \
      "common name of a client certificate that is the identity, instead of a token")              \
    X(DATE, expires, "expires", "DAY", NULL, "last day on which it holds")

OPTION_STRUCT(token_options, TOKEN_OPTIONS);
#define OPTION_OWNER struct token_options
static const struct option_spec token_specs[] = {TOKEN_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

/* The token alone is on standard output, so that it can go straight to where it is kept. */
static int
run_token_add(const struct program *p, struct arena *a, const void *options, int argc,
              char *const *argv)
{
    const struct token_options *const o = options;
    const struct identity_wish wish = {o->source, o->label, o->certificate, o->expires};
    const char *token = NULL;
    int64_t id;
    struct err e;
    struct db *const db = open_as_loader(p, a, &e);

    (void)argc;
    (void)argv;
    if (!db || !identity_add(db, a, &wish, &id, &token, &e))
        return program_fail(p, &e);
    fprintf(stderr, "identity %" PRId64 " for %s%s\n", id, o->source,
            token ? "; this is the only time that its token is shown" : "");
    if (token)
        printf("%s\n", token);
    return 0;
}

static int
run_token_list(const struct program *p, struct arena *a, const void *options, int argc,
               char *const *argv)
{
    struct strbuf *const out = strbuf_new(a, LIST_MOST);
    struct err e;
    struct db *const db = open_as_loader(p, a, &e);

    (void)options;
    (void)argc;
    (void)argv;
    if (!db || !identity_list(db, a, out, &e))
        return program_fail(p, &e);
    (void)fwrite(out->data, 1, out->length, stdout);
    return 0;
}

static int
run_token_revoke(const struct program *p, struct arena *a, const void *options, int argc,
                 char *const *argv)
{
    struct err e;
    struct db *const db = open_as_loader(p, a, &e);
    int64_t id;

    (void)options;
    if (!db)
        return program_fail(p, &e);
    for (int i = 0; i < argc; i++) {
        if (!span_int64(span_of(argv[i]), 1, INT64_MAX, &id)) {
            err_set(&e, ERR_USAGE, "an identity has a number of 1 or more");
            return program_fail(p, &e);
        }
        if (!identity_revoke(db, a, id, &e))
            return program_fail(p, &e);
    }
    return 0;
}

/* ---- the table --------------------------------------------------------------------------------
 */

#define COUNT(array) (sizeof(array) / sizeof *(array))

const struct command service_commands[SERVICE_COMMANDS] = {
    {"serve", "", 0, 0, "take registrations in over HTTP",
     "Runs until SIGTERM, and then answers what is at hand within 10 seconds. SIGHUP reads "
     "identities,\n"
     "certificates and reference data anew; what cannot be read leaves the old in force. Answers "
     "in the\n"
     "200s are given only for what is durable: in the database, or in the spool while it is away.",
     serve_specs, COUNT(serve_specs), sizeof(struct serve_options), run_serve},
    {"openapi", "", 0, 0, "print the description of the HTTP interface", NULL, NULL, 0, 0,
     run_openapi},
    {"token add", "", 0, 0, "make a token for a source system; it is printed once",
     "With --certificate no token is made: the common name of a verified client certificate is "
     "the\nidentity.",
     token_specs, COUNT(token_specs), sizeof(struct token_options), run_token_add},
    {"token list", "", 0, 0, "list tokens and certificates, without the tokens themselves", NULL,
     NULL, 0, 0, run_token_list},
    {"token revoke", "NUMBER…", 1, -1, "revoke tokens or certificates; it holds at once", NULL,
     NULL, 0, 0, run_token_revoke},
};
