-- Commented copy: docs/schema/client.sql.

ALTER TABLE groups ADD COLUMN synced_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE groups ADD COLUMN picture BLOB NOT NULL DEFAULT x'';

CREATE TABLE group_syncs (
    creator TEXT NOT NULL,
    group_id BLOB NOT NULL,
    member TEXT NOT NULL,
    synced_at INTEGER NOT NULL,
    PRIMARY KEY (creator, group_id, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_syncs_by_time ON group_syncs (synced_at);

CREATE TABLE restored_groups (
    creator TEXT NOT NULL,
    group_id BLOB NOT NULL,
    entry BLOB NOT NULL,
    PRIMARY KEY (creator, group_id)
) STRICT, WITHOUT ROWID;
