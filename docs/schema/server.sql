-- The tables of the server, as SQLite has them. PostgreSQL has the same with BIGINT for INTEGER
-- and BYTEA for BLOB. A test compares this file with both databases.
--
-- `personal: yes` marks what says something about a person: exports contain it, erasure removes
-- it. Times are milliseconds of the epoch; 0, an empty text or no bytes stand for "none".

-- Facts about this instance of the service, by name.
-- Kept: as long as the instance exists.
CREATE TABLE instance (
    -- personal: no. Name of the fact, such as instance-id.
    key TEXT PRIMARY KEY NOT NULL,
    -- personal: no. Its value. The dedup-key is secret: it keys the hashes of the queue.
    value BLOB NOT NULL
) STRICT;

-- Every identity that was ever issued here; rows are never deleted, so none is issued twice.
-- Kept: as long as the instance exists; erasure leaves the eight characters and a hash of the key.
CREATE TABLE identities (
    -- personal: yes. The eight characters.
    identity TEXT PRIMARY KEY NOT NULL,
    -- personal: yes. The client key (X25519, 32 bytes); stays unique after revocation.
    public_key BLOB NOT NULL UNIQUE,
    -- personal: yes. 0 private, 1 work.
    kind INTEGER NOT NULL,
    -- personal: yes. 0 active, 1 inactive, 2 revoked.
    state INTEGER NOT NULL,
    -- personal: yes. What the clients can do; the bits of an unsigned number.
    feature_mask INTEGER NOT NULL,
    -- personal: yes. When it was issued, in milliseconds of the epoch.
    created_at INTEGER NOT NULL,
    -- personal: yes. 1 if it was taken over from another instance.
    imported INTEGER NOT NULL,
    -- personal: yes. Days of the epoch at the last login, no finer on purpose; 0 before the first.
    last_login_day INTEGER NOT NULL,
    -- personal: yes. Milliseconds of the epoch; 0 if not revoked.
    revoked_at INTEGER NOT NULL,
    -- personal: yes. Four bytes of a password hash; empty if none is set or after revocation.
    revocation_key BLOB NOT NULL,
    -- personal: yes. Milliseconds of the epoch; 0 if none is set.
    revocation_key_set_at INTEGER NOT NULL,
    -- personal: yes. Sent at the last login; empty before the first and after revocation.
    device_cookie BLOB NOT NULL,
    -- personal: yes. 1 until a client has shown the warning about another device.
    device_cookie_changed INTEGER NOT NULL
) STRICT;

-- Messages that wait for their receivers; a row is deleted when its receiver acknowledges it.
-- Kept: until then, at most `chat.queue_ttl_days`; 60 seconds if short-lived.
CREATE TABLE messages (
    -- personal: no. Place in the queue of the whole server; the committer hands it out.
    position INTEGER PRIMARY KEY NOT NULL,
    -- personal: yes. The eight characters as a big-endian number; needs no lookup.
    receiver INTEGER NOT NULL,
    -- personal: yes. The same for the sender.
    sender INTEGER NOT NULL,
    -- personal: no. Keyed hash of receiver, sender, id and nonce; plus one for each collision.
    dedup INTEGER NOT NULL UNIQUE,
    -- personal: yes. When the server took it, in milliseconds of the epoch.
    enqueued_at INTEGER NOT NULL,
    -- personal: yes. When it stops to matter, in milliseconds of the epoch.
    expires_at INTEGER NOT NULL,
    -- personal: yes. The flags of the header.
    flags INTEGER NOT NULL,
    -- personal: yes. The payload from its header on; the content in it is encrypted end to end.
    bytes BLOB NOT NULL
) STRICT;

-- The queue of one receiver; PostgreSQL adds the position, which SQLite has in every index.
CREATE INDEX messages_by_receiver ON messages (receiver);

-- Blobs; their bytes lie in files named by the id.
-- Kept: until fetched, at most `blob.ttl_days`, or `blob.persist_ttl_days` if to persist.
CREATE TABLE blobs (
    -- personal: no. Sixteen random bytes.
    id BLOB PRIMARY KEY NOT NULL,
    -- personal: no. Length of the encrypted bytes; 0 while pending.
    size_bytes INTEGER NOT NULL,
    -- personal: yes. The identity that uploaded it, for quotas; empty if unknown.
    uploader TEXT NOT NULL,
    -- personal: no. 1 if it stays after somebody has fetched it.
    persist INTEGER NOT NULL,
    -- personal: yes. When the upload began, in milliseconds of the epoch.
    created_at INTEGER NOT NULL,
    -- personal: no. When it may be deleted, in milliseconds of the epoch.
    expires_at INTEGER NOT NULL,
    -- personal: no. 0 pending (the bytes may be missing), 1 sealed.
    state INTEGER NOT NULL
) STRICT;

-- For the sweep of expired blobs.
CREATE INDEX blobs_by_expiry ON blobs (expires_at);

-- For quotas.
CREATE INDEX blobs_by_uploader ON blobs (uploader, created_at);

-- What administrators did; rows are only ever added.
-- Kept: 1 year.
CREATE TABLE audit (
    -- personal: no. Place in the list.
    position INTEGER PRIMARY KEY NOT NULL,
    -- personal: yes. When, in milliseconds of the epoch.
    at INTEGER NOT NULL,
    -- personal: yes. Who acted.
    actor TEXT NOT NULL,
    -- personal: no. What was done, such as identity.revoke.
    action TEXT NOT NULL,
    -- personal: yes. To whom or what.
    subject TEXT NOT NULL
) STRICT;

-- Which steps of the schema have been applied.
-- Kept: as long as the instance exists.
CREATE TABLE migrations (
    -- personal: no. Number of the step.
    number INTEGER PRIMARY KEY NOT NULL,
    -- personal: no. Its name.
    name TEXT NOT NULL
) STRICT;
