-- SPDX-License-Identifier: EUPL-1.2
-- The collector as a service: who may hand something over, and counts by group that were computed
-- elsewhere (by the police or by CBS) where group is not registered for each stop.

CREATE TABLE ingest.identity (
    identity_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind          text NOT NULL CHECK (kind IN ('token', 'certificate')),
    source_system text NOT NULL CHECK (length(source_system) BETWEEN 1 AND 40),
    label         text NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
    digest        bytea UNIQUE CHECK (octet_length(digest) = 32),
    common_name   text UNIQUE CHECK (length(common_name) BETWEEN 1 AND 200),
    made_at       timestamptz NOT NULL DEFAULT now(),
    made_by       text NOT NULL DEFAULT session_user,
    expires_at    timestamptz,
    revoked_at    timestamptz,
    revoked_by    text,
    CHECK ((kind = 'token') = (digest IS NOT NULL)),
    CHECK ((kind = 'certificate') = (common_name IS NOT NULL)),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
COMMENT ON TABLE ingest.identity IS 'Who may hand registrations over by HTTP, each for one source system';
COMMENT ON COLUMN ingest.identity.identity_id IS 'Number';
COMMENT ON COLUMN ingest.identity.kind IS 'token: a bearer token; certificate: the common name of a client certificate';
COMMENT ON COLUMN ingest.identity.source_system IS 'The one source system it stands for';
COMMENT ON COLUMN ingest.identity.label IS 'What people know it by';
COMMENT ON COLUMN ingest.identity.digest IS 'SHA-256 of the token, which is 256 random bits and kept nowhere; NULL for a certificate';
COMMENT ON COLUMN ingest.identity.common_name IS 'Common name in the subject of the certificate; NULL for a token';
COMMENT ON COLUMN ingest.identity.made_at IS 'When it was made';
COMMENT ON COLUMN ingest.identity.made_by IS 'The login that made it';
COMMENT ON COLUMN ingest.identity.expires_at IS 'From when on it no longer holds, or NULL';
COMMENT ON COLUMN ingest.identity.revoked_at IS 'When it was revoked, or NULL';
COMMENT ON COLUMN ingest.identity.revoked_by IS 'The login that revoked it';

CREATE TABLE analysis.aggregate_delivery (
    delivery_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_system text NOT NULL,
    sha256        bytea NOT NULL CHECK (octet_length(sha256) = 32),
    rows          bigint NOT NULL CHECK (rows > 0),
    delivered_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (source_system, sha256)
);
COMMENT ON TABLE analysis.aggregate_delivery IS 'Deliveries of counts by group that were computed elsewhere; the same delivery counts once';
COMMENT ON COLUMN analysis.aggregate_delivery.delivery_id IS 'Number';
COMMENT ON COLUMN analysis.aggregate_delivery.source_system IS 'Who delivered';
COMMENT ON COLUMN analysis.aggregate_delivery.sha256 IS 'SHA-256 of what was delivered';
COMMENT ON COLUMN analysis.aggregate_delivery.rows IS 'Cells in it';
COMMENT ON COLUMN analysis.aggregate_delivery.delivered_at IS 'When';

CREATE TABLE analysis.aggregate_cell (
    delivery_id bigint NOT NULL REFERENCES analysis.aggregate_delivery,
    month       date NOT NULL CHECK (extract(day FROM month) = 1),
    area_set    text NOT NULL,
    area_code   text NOT NULL,
    group_list  text NOT NULL,
    group_code  text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('persons', 'searches', 'hits')),
    count       bigint NOT NULL CHECK (count >= 0),
    PRIMARY KEY (month, area_set, area_code, group_list, group_code, kind, delivery_id)
);
COMMENT ON TABLE analysis.aggregate_cell IS 'Counts by month, area and group that were computed elsewhere; of a source the latest delivery that has the cell holds, earlier ones stay';
COMMENT ON COLUMN analysis.aggregate_cell.delivery_id IS 'The delivery that brought it';
COMMENT ON COLUMN analysis.aggregate_cell.month IS 'First day of the month, local time';
COMMENT ON COLUMN analysis.aggregate_cell.area_set IS 'Set of areas';
COMMENT ON COLUMN analysis.aggregate_cell.area_code IS 'The area';
COMMENT ON COLUMN analysis.aggregate_cell.group_list IS 'The list that the group is of';
COMMENT ON COLUMN analysis.aggregate_cell.group_code IS 'The group';
COMMENT ON COLUMN analysis.aggregate_cell.kind IS 'What is counted: persons stopped, searches of persons, hits of those';
COMMENT ON COLUMN analysis.aggregate_cell.count IS 'The count';
