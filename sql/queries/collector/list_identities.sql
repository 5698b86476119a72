-- SPDX-License-Identifier: EUPL-1.2
-- Every identity.
-- result: identity_id bigint, kind, source_system, label, common_name text, made_at, expires_at,
--         revoked_at text (UTC), holds boolean
SELECT identity_id, kind, source_system, label, common_name,
       to_char(made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS made_at,
       to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS expires_at,
       to_char(revoked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS revoked_at,
       revoked_at IS NULL AND coalesce(expires_at > now(), true) AS holds
FROM ingest.list_identities()
