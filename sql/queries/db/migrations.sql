-- SPDX-License-Identifier: EUPL-1.2
-- name text, sha256 bytea
SELECT name, sha256 FROM audit.migration ORDER BY name
