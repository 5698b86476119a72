/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bearer tokens and certificate names: made, listed and revoked in the database by whoever loads
 * reference data, never by the collector itself. A token is 256 random bits, shown once; what is
 * kept is its SHA-256 (no salt or slow hash is needed against guessing 256 random bits). Who a
 * running service lets in is identity.h's.
 */
#ifndef MAATSTAF_COLLECTOR_TOKEN_H
#define MAATSTAF_COLLECTOR_TOKEN_H

#include "common/clock.h"
#include "common/digest.h"
#include "sql/db.h"

#define TOKEN_PREFIX                                                                               \
    "maatstaf_" /* by which scanners of sources find a token that was left there                   \
                 */

enum { TOKEN_LENGTH = sizeof TOKEN_PREFIX - 1 + 2 * KEY_BYTES };

/* A new token as text, NUL-terminated. */
void token_make(char text[TOKEN_LENGTH + 1]);

/* The digest of what may be a token; false when it cannot be one by its form. */
bool token_digest(struct span text, uint8_t digest[DIGEST_BYTES]);

struct identity_wish {
    const char *source, *label;
    const char *common_name; /* of a certificate; NULL makes a token */
    int64_t expires;         /* last day on which it holds, days since 1970; INT64_MIN: no end */
};

/* *text is the token, the arena's, or NULL for a certificate. */
bool identity_add(struct db *db, struct arena *a, const struct identity_wish *w, int64_t *id,
                  const char **text, struct err *e);

/* ERR_INPUT when there is none of that number, or it was revoked before. */
bool identity_revoke(struct db *db, struct arena *a, int64_t id, struct err *e);

/* One line each, for people. */
bool identity_list(struct db *db, struct arena *a, struct strbuf *out, struct err *e);

#endif
