-- Commented copy: docs/schema/client.sql.

CREATE TABLE safe (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    is_enabled INTEGER NOT NULL,
    server TEXT NOT NULL,
    backup_id BLOB NOT NULL,
    key BLOB NOT NULL,
    managed_by BLOB NOT NULL,
    uploaded_at INTEGER NOT NULL,
    uploaded_to TEXT NOT NULL,
    uploaded_hash BLOB NOT NULL,
    uploaded_bytes INTEGER NOT NULL,
    tried_at INTEGER NOT NULL,
    fault INTEGER NOT NULL,
    bytes_max INTEGER NOT NULL,
    retention_days INTEGER NOT NULL,
    stale_server TEXT NOT NULL,
    stale_id BLOB NOT NULL,
    carried BLOB NOT NULL,
    restored_at INTEGER NOT NULL
) STRICT;
INSERT INTO safe (
    slot, is_enabled, server, backup_id, key, managed_by, uploaded_at, uploaded_to, uploaded_hash,
    uploaded_bytes, tried_at, fault, bytes_max, retention_days, stale_server, stale_id, carried,
    restored_at
) VALUES (1, 0, '', x'', x'', x'', 0, '', x'', 0, 0, 0, 0, 0, '', x'', x'', 0);

CREATE TABLE restored_contacts (
    identity TEXT NOT NULL PRIMARY KEY,
    entry BLOB NOT NULL
) STRICT, WITHOUT ROWID;
