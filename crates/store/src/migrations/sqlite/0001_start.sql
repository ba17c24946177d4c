CREATE TABLE instance (
    key TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE identities (
    identity TEXT PRIMARY KEY NOT NULL,
    public_key BLOB NOT NULL UNIQUE,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    feature_mask INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    imported INTEGER NOT NULL,
    last_login_day INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL,
    revocation_key BLOB NOT NULL,
    revocation_key_set_at INTEGER NOT NULL,
    device_cookie BLOB NOT NULL,
    device_cookie_changed INTEGER NOT NULL
) STRICT;

CREATE TABLE messages (
    position INTEGER PRIMARY KEY NOT NULL,
    receiver INTEGER NOT NULL,
    sender INTEGER NOT NULL,
    dedup INTEGER NOT NULL UNIQUE,
    enqueued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE INDEX messages_by_receiver ON messages (receiver);

CREATE TABLE blobs (
    id BLOB PRIMARY KEY NOT NULL,
    size_bytes INTEGER NOT NULL,
    uploader TEXT NOT NULL,
    persist INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    state INTEGER NOT NULL
) STRICT;

CREATE INDEX blobs_by_expiry ON blobs (expires_at);

CREATE INDEX blobs_by_uploader ON blobs (uploader, created_at);

CREATE TABLE audit (
    position INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL
) STRICT;
