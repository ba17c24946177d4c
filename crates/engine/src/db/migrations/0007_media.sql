-- Commented copy: docs/schema/client.sql.

CREATE TABLE media (
    position INTEGER NOT NULL REFERENCES messages (position) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    name BLOB NOT NULL,
    blob_id BLOB NOT NULL,
    key BLOB NOT NULL,
    nonce BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,
    state INTEGER NOT NULL,
    fault INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    is_played INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (position, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_due ON media (due_at) WHERE state IN (1, 10);
CREATE INDEX media_by_name ON media (name) WHERE name <> x'';

CREATE TABLE stale_media (
    name BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Messages go in many ways, by many hands, and by the dozen. None of them shall have to remember
-- that there may be files.
CREATE TRIGGER media_deleted AFTER DELETE ON media WHEN OLD.name <> x'' BEGIN
    INSERT OR IGNORE INTO stale_media (name)
    SELECT OLD.name WHERE NOT EXISTS (SELECT 1 FROM media AS m WHERE m.name = OLD.name);
END;
CREATE TRIGGER media_dropped AFTER UPDATE OF name ON media WHEN OLD.name <> x'' BEGIN
    INSERT OR IGNORE INTO stale_media (name)
    SELECT OLD.name WHERE NOT EXISTS (SELECT 1 FROM media AS m WHERE m.name = OLD.name);
END;

ALTER TABLE settings ADD COLUMN auto_download_kinds INTEGER NOT NULL DEFAULT 15;
ALTER TABLE settings ADD COLUMN auto_download_bytes_max INTEGER NOT NULL DEFAULT 5242880;

CREATE TABLE profile_pictures (
    owner_kind INTEGER NOT NULL,
    owner_id INTEGER NOT NULL,
    jpeg BLOB NOT NULL,
    blob_id BLOB NOT NULL,
    key BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,
    uploaded_at INTEGER NOT NULL DEFAULT 0,
    state INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (owner_kind, owner_id)
) STRICT;
CREATE INDEX profile_pictures_due ON profile_pictures (due_at) WHERE state IN (1, 10);

CREATE TABLE sent_pictures (
    contact_id INTEGER NOT NULL PRIMARY KEY REFERENCES contacts (contact_id) ON DELETE CASCADE,
    blob_id BLOB NOT NULL,
    sent_at INTEGER NOT NULL,
    is_waiting INTEGER NOT NULL
) STRICT;
