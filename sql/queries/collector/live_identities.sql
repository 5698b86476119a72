-- SPDX-License-Identifier: EUPL-1.2
-- Identities that hold now.
-- result: identity_id bigint, source_system text, digest bytea or NULL, common_name text or NULL,
--         expires_at bigint (microseconds since 1970) or NULL
SELECT identity_id, source_system, digest, common_name,
       (extract(epoch FROM expires_at) * 1000000)::bigint AS expires_at
FROM ingest.live_identities()
