CREATE TABLE push_endpoints (
    identity TEXT PRIMARY KEY NOT NULL,
    endpoint TEXT NOT NULL,
    set_at BIGINT NOT NULL
);
