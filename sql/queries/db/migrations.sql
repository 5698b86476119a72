-- name text, sha256 bytea
SELECT name, sha256 FROM audit.migration ORDER BY name
