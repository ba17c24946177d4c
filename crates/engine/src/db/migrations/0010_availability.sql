-- Commented copy: docs/schema/client.sql.

ALTER TABLE contacts ADD COLUMN availability INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN availability_text TEXT NOT NULL DEFAULT '';
ALTER TABLE work ADD COLUMN availability INTEGER NOT NULL DEFAULT 0;
ALTER TABLE work ADD COLUMN availability_text TEXT NOT NULL DEFAULT '';

CREATE TABLE logos (
    variant TEXT NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    png BLOB NOT NULL
) STRICT, WITHOUT ROWID;
