-- Commented copy: docs/schema/client.sql.

-- What was one name stays where it is shown first: a split would be a guess.
ALTER TABLE contacts RENAME COLUMN name TO first_name;
ALTER TABLE contacts ADD COLUMN last_name TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN sync_state INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN read_receipts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN typing_indicators INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN mismatch_key BLOB NOT NULL DEFAULT x'';
ALTER TABLE contacts ADD COLUMN mismatch_source INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN mismatch_at INTEGER NOT NULL DEFAULT 0;
UPDATE contacts SET sync_state = 2 WHERE first_name <> '';

CREATE TABLE excluded (
    identity TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE picture_receivers (
    identity TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

ALTER TABLE settings ADD COLUMN sort_order INTEGER NOT NULL DEFAULT 0;
ALTER TABLE settings ADD COLUMN name_order INTEGER NOT NULL DEFAULT 0;
ALTER TABLE settings ADD COLUMN hide_inactive INTEGER NOT NULL DEFAULT 0;
ALTER TABLE settings ADD COLUMN picture_sharing INTEGER NOT NULL DEFAULT 1;
