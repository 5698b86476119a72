-- SPDX-License-Identifier: EUPL-1.2
-- $1 text: name, $2 bytea: SHA-256 of the file
INSERT INTO audit.migration (name, sha256) VALUES ($1, $2)
