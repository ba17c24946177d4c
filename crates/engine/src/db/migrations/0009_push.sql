-- Commented copy: docs/schema/client.sql.

CREATE TABLE push_endpoint (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    wanted TEXT NOT NULL,
    told TEXT NOT NULL,
    told_at INTEGER NOT NULL
) STRICT;
INSERT INTO push_endpoint (slot, wanted, told, told_at) VALUES (1, '', '', 0);
