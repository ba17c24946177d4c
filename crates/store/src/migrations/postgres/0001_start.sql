CREATE TABLE instance (
    key TEXT PRIMARY KEY NOT NULL,
    value BYTEA NOT NULL
);

CREATE TABLE identities (
    identity TEXT PRIMARY KEY NOT NULL,
    public_key BYTEA NOT NULL UNIQUE,
    kind BIGINT NOT NULL,
    state BIGINT NOT NULL,
    feature_mask BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    imported BIGINT NOT NULL,
    last_login_day BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,
    revocation_key BYTEA NOT NULL,
    revocation_key_set_at BIGINT NOT NULL,
    device_cookie BYTEA NOT NULL,
    device_cookie_changed BIGINT NOT NULL
);

CREATE TABLE messages (
    position BIGINT PRIMARY KEY NOT NULL,
    receiver BIGINT NOT NULL,
    sender BIGINT NOT NULL,
    dedup BIGINT NOT NULL UNIQUE,
    enqueued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    flags BIGINT NOT NULL,
    bytes BYTEA NOT NULL
);

CREATE INDEX messages_by_receiver ON messages (receiver, position);

CREATE TABLE blobs (
    id BYTEA PRIMARY KEY NOT NULL,
    size_bytes BIGINT NOT NULL,
    uploader TEXT NOT NULL,
    persist BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state BIGINT NOT NULL
);

CREATE INDEX blobs_by_expiry ON blobs (expires_at);

CREATE INDEX blobs_by_uploader ON blobs (uploader, created_at);

CREATE TABLE audit (
    position BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL
);

-- Boxes do not compress, and rows live for seconds: keep vacuum close behind the deletions.
ALTER TABLE messages ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE messages SET (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0
);
