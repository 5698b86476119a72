/* SPDX-License-Identifier: EUPL-1.2 */
/* Forms of tokens, and the three things that are done with identities in the database. */
#include "collector/token.h"
#include "collector/screen.h"

#include "gen/queries.h"

#include <inttypes.h>
#include <string.h>

/* ---- the token ------------------------------------------------------------------------------- */

void
token_make(char text[TOKEN_LENGTH + 1])
{
    uint8_t secret[KEY_BYTES];

    random_bytes(secret, sizeof secret);
    memcpy(text, TOKEN_PREFIX, sizeof TOKEN_PREFIX - 1);
    hex_of(secret, sizeof secret, text + sizeof TOKEN_PREFIX - 1);
}

bool
token_digest(struct span text, uint8_t digest[DIGEST_BYTES])
{
    if (text.length != TOKEN_LENGTH ||
        memcmp(text.data, TOKEN_PREFIX, sizeof TOKEN_PREFIX - 1) != 0)
        return false;
    sha256_of(text.data, text.length, digest);
    return true;
}

/* ---- in the database --------------------------------------------------------------------------
 */

bool
identity_add(struct db *db, struct arena *a, const struct identity_wish *w, int64_t *id,
             const char **text, struct err *e)
{
    char *const token = arena_alloc(a, TOKEN_LENGTH + 1);
    char hex[2 * DIGEST_BYTES + 1], last[16];
    uint8_t digest[DIGEST_BYTES];

    if (screen_reference(span_of(w->label)).certain)
        return err_set(e, ERR_USAGE, "--label names a system, and nobody by number or address");
    token_make(token);
    if (!token_digest((struct span){token, TOKEN_LENGTH}, digest))
        return err_set(e, ERR_INTERNAL, "a token that was made is none");
    hex_of(digest, sizeof digest, hex);
    if (w->expires != INT64_MIN)
        date_text(w->expires + 1, last); /* it holds to the end of the day, UTC */

    const char *const args[] = {w->source, w->label, w->common_name ? NULL : hex, w->common_name,
                                w->expires == INT64_MIN ? NULL
                                                        : arena_printf(a, "%sT00:00:00Z", last)};
    const struct rows *const r = db_query(db, a, &sql_collector_add_identity, args, e);

    if (!r)
        return err_context(e, "%s for %s", w->common_name ? "certificate" : "token", w->source);
    *id = rows_int64(r, 0, "identity_id");
    *text = w->common_name ? NULL : token;
    return true;
}

bool
identity_revoke(struct db *db, struct arena *a, int64_t id, struct err *e)
{
    const char *const args[] = {arena_printf(a, "%" PRId64, id)};
    const struct rows *const r = db_query(db, a, &sql_collector_revoke_identity, args, e);

    if (!r)
        return false;
    return rows_bool(r, 0, "revoked") ||
           err_set(e, ERR_INPUT, "there is no identity %" PRId64 " that still holds", id) ||
           err_hint(e, "list them with: maatstaf collector token list");
}

bool
identity_list(struct db *db, struct arena *a, struct strbuf *out, struct err *e)
{
    const struct rows *const r = db_query(db, a, &sql_collector_list_identities, NULL, e);

    if (!r)
        return false;
    for (int i = 0; i < rows_count(r); i++) {
        const char *const expires = rows_text(r, i, "expires_at");
        const char *const revoked = rows_text(r, i, "revoked_at");
        const char *const name = rows_text(r, i, "common_name");

        strbuf_printf(out, "%6" PRId64 "  %-11s  %-20s  %s  made %s",
                      rows_int64(r, i, "identity_id"), rows_text(r, i, "kind"),
                      rows_text(r, i, "source_system"),
                      rows_bool(r, i, "holds") ? "holds" : "ended", rows_text(r, i, "made_at"));
        if (expires)
            strbuf_printf(out, "  until %s", expires);
        if (revoked)
            strbuf_printf(out, "  revoked %s", revoked);
        if (name)
            strbuf_printf(out, "  CN %s", name);
        strbuf_printf(out, "  %s\n", rows_text(r, i, "label"));
    }
    return true;
}
