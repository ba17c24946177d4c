-- Commented copy: docs/schema/client.sql.

CREATE TABLE identity (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    secret_key BLOB NOT NULL,
    identity TEXT NOT NULL,
    server_group TEXT NOT NULL,
    nickname TEXT NOT NULL,
    device_cookie BLOB NOT NULL,
    feature_mask INTEGER NOT NULL,
    is_revoked INTEGER NOT NULL
) STRICT;

CREATE TABLE contacts (
    contact_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identity TEXT NOT NULL,
    public_key BLOB NOT NULL,
    verification_level INTEGER NOT NULL,
    acquaintance_level INTEGER NOT NULL,
    activity_state INTEGER NOT NULL,
    identity_type INTEGER NOT NULL,
    feature_mask INTEGER NOT NULL,
    name TEXT NOT NULL,
    nickname TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    unread_count INTEGER NOT NULL,
    newest_created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX contacts_by_identity ON contacts (identity);
CREATE INDEX contacts_by_last_position ON contacts (last_position) WHERE last_position > 0;

CREATE TABLE blocked (
    identity TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
    position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    contact_id INTEGER NOT NULL REFERENCES contacts (contact_id),
    message_id BLOB NOT NULL,
    is_outgoing INTEGER NOT NULL,
    is_shown INTEGER NOT NULL,
    type INTEGER NOT NULL,
    state INTEGER NOT NULL,
    state_at INTEGER NOT NULL,
    notes INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    text TEXT NOT NULL,
    container BLOB NOT NULL,
    reference TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_by_id ON messages (contact_id, is_outgoing, message_id);
CREATE INDEX messages_shown ON messages (contact_id, position) WHERE is_shown = 1;
CREATE INDEX messages_unread ON messages (contact_id, position) WHERE state = 10;
CREATE UNIQUE INDEX messages_by_reference ON messages (reference) WHERE reference <> '';

CREATE TABLE outbox (
    position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    receiver TEXT NOT NULL,
    message_id BLOB NOT NULL,
    payload BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX outbox_by_id ON outbox (receiver, message_id);

CREATE TABLE nonces (
    hash BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    read_receipts INTEGER NOT NULL,
    typing_indicators INTEGER NOT NULL,
    block_unknown INTEGER NOT NULL,
    is_device_cookie_changed INTEGER NOT NULL,
    contacts_checked_at INTEGER NOT NULL,
    check_interval_s INTEGER NOT NULL
) STRICT;
INSERT INTO settings (
    slot, read_receipts, typing_indicators, block_unknown, is_device_cookie_changed,
    contacts_checked_at, check_interval_s
) VALUES (1, 1, 1, 0, 0, 0, 86400);
