-- The client's database, one file per profile. It holds everything the engine knows.
--
-- This is the commented copy of crates/engine/src/db/migrations; a test compares the two. The file
-- is encrypted below SQLite, so columns are plain. Times are milliseconds since 1970, truth values
-- 0 or 1, identities eight characters, keys and ids raw bytes. Empty text and an empty blob mean
-- "none". Positions are never reused.

-- The own identity: no row, or one.
CREATE TABLE identity (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    -- X25519. Written before the directory is asked, so that a lost answer can be asked for again.
    secret_key BLOB NOT NULL,
    -- Empty until the directory has answered.
    identity TEXT NOT NULL,
    -- What the directory said; names the chat server where the instance has several.
    server_group TEXT NOT NULL,
    -- What others see; empty for none.
    nickname TEXT NOT NULL,
    -- 16 random bytes by which the server recognises this device.
    device_cookie BLOB NOT NULL,
    -- The feature mask that the directory confirmed; -1 while it has confirmed none.
    feature_mask INTEGER NOT NULL,
    is_revoked INTEGER NOT NULL
) STRICT;

-- Everybody whose key is pinned. Rows are never deleted, so a key can never be swapped unseen.
CREATE TABLE contacts (
    contact_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identity TEXT NOT NULL,
    public_key BLOB NOT NULL,
    -- 0 unverified, 1 the server vouches, 2 compared in person.
    verification_level INTEGER NOT NULL,
    -- 0 a contact, 1 removed (or known from a group only).
    acquaintance_level INTEGER NOT NULL,
    -- 0 active, 1 inactive, 2 revoked; 2 is final.
    activity_state INTEGER NOT NULL,
    -- 0 regular, 1 work.
    identity_type INTEGER NOT NULL,
    -- What the contact's app can do, by the directory.
    feature_mask INTEGER NOT NULL,
    -- Given by the owner of this database.
    name TEXT NOT NULL,
    -- Given by the contact, authenticated by the contact.
    nickname TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- The newest shown message; 0 while there is none. Orders the conversation list.
    last_position INTEGER NOT NULL,
    -- Kept equal to the number of messages in state 10.
    unread_count INTEGER NOT NULL,
    -- The latest created_at this contact ever claimed: an earlier one that comes later was
    -- reordered or held back on its way.
    newest_created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX contacts_by_identity ON contacts (identity);
CREATE INDEX contacts_by_last_position ON contacts (last_position) WHERE last_position > 0;

-- Identities whose messages are discarded, contacts or not.
CREATE TABLE blocked (
    identity TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Every message of every conversation, both directions, in the order they came to be here.
CREATE TABLE messages (
    position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    contact_id INTEGER NOT NULL REFERENCES contacts (contact_id),
    -- Unique per contact and direction.
    message_id BLOB NOT NULL,
    is_outgoing INTEGER NOT NULL,
    -- 0 for what a later version may use but no conversation shows.
    is_shown INTEGER NOT NULL,
    -- The end-to-end message type.
    type INTEGER NOT NULL,
    -- Outgoing: 1 pending, 2 sent, 3 delivered, 4 read. Incoming: 10 unread, 11 read, 12 not shown.
    state INTEGER NOT NULL,
    -- When that state was reached.
    state_at INTEGER NOT NULL,
    -- Bits: 1 without metadata box, 2 out of order, 4 the sender's clock is far ahead, 8 the
    -- sender may be told that it was read.
    notes INTEGER NOT NULL,
    -- By the sender's clock; authenticated unless note 1 is set.
    created_at INTEGER NOT NULL,
    -- By our clock.
    stored_at INTEGER NOT NULL,
    text TEXT NOT NULL,
    -- Type and body of what this version does not show, so that a later one can.
    container BLOB NOT NULL,
    -- The caller's own name for the sending.
    reference TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_by_id ON messages (contact_id, is_outgoing, message_id);
CREATE INDEX messages_shown ON messages (contact_id, position) WHERE is_shown = 1;
CREATE INDEX messages_unread ON messages (contact_id, position) WHERE state = 10;
CREATE UNIQUE INDEX messages_by_reference ON messages (reference) WHERE reference <> '';

-- What the server has not acknowledged yet, in sending order.
CREATE TABLE outbox (
    position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    receiver TEXT NOT NULL,
    message_id BLOB NOT NULL,
    -- The complete sealed message: sending it again sends the same bytes, so the same nonce.
    payload BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX outbox_by_id ON outbox (receiver, message_id);

-- HMAC-SHA256 under the own identity of every message nonce ever used, both directions, for ever.
CREATE TABLE nonces (
    hash BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- One row.
CREATE TABLE settings (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    read_receipts INTEGER NOT NULL,
    typing_indicators INTEGER NOT NULL,
    block_unknown INTEGER NOT NULL,
    -- Another device logged in; stays until the person has seen it.
    is_device_cookie_changed INTEGER NOT NULL,
    -- When the directory was last asked what became of the contacts.
    contacts_checked_at INTEGER NOT NULL,
    -- How often it wants to be asked.
    check_interval_s INTEGER NOT NULL
) STRICT;
INSERT INTO settings (
    slot, read_receipts, typing_indicators, block_unknown, is_device_cookie_changed,
    contacts_checked_at, check_interval_s
) VALUES (1, 1, 1, 0, 0, 0, 86400);
