-- SPDX-License-Identifier: EUPL-1.2
-- Revokes an identity.
-- $1 bigint number
-- result: revoked boolean; false when there is none, or it was revoked before
SELECT ingest.revoke_identity($1::bigint) AS revoked
