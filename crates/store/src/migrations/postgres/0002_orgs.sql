ALTER TABLE identities ADD COLUMN erased_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE audit ADD COLUMN org TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN detail TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN salt BYTEA NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN content_hash BYTEA NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN hash BYTEA NOT NULL DEFAULT '';

CREATE INDEX audit_by_org ON audit (org, position);

CREATE TABLE orgs (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    plan TEXT NOT NULL,
    seats_max BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    support_url TEXT NOT NULL,
    directory_enabled BIGINT NOT NULL,
    contacts_auto BIGINT NOT NULL,
    contacts_marked BIGINT NOT NULL,
    is_closed_group BIGINT NOT NULL,
    mdm_override BIGINT NOT NULL,
    check_interval_s BIGINT NOT NULL,
    messages_dropped BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE logos (
    org TEXT NOT NULL,
    variant TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (org, variant)
);

CREATE TABLE credentials (
    id TEXT PRIMARY KEY NOT NULL,
    org TEXT NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    password BYTEA NOT NULL,
    is_shared BIGINT NOT NULL,
    uses_max BIGINT NOT NULL,
    identity TEXT NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_check_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX credentials_by_org ON credentials (org, username_key);

CREATE INDEX credentials_by_identity ON credentials (identity);

CREATE TABLE members (
    identity TEXT PRIMARY KEY NOT NULL,
    org TEXT NOT NULL,
    credential TEXT NOT NULL,
    nickname TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    csi TEXT NOT NULL,
    job_title TEXT NOT NULL,
    department TEXT NOT NULL,
    category TEXT NOT NULL,
    version TEXT NOT NULL,
    availability BYTEA NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    last_check_at BIGINT NOT NULL,
    attached_at BIGINT NOT NULL
);

CREATE INDEX members_by_org ON members (org, identity);

CREATE INDEX members_by_credential ON members (credential);

CREATE TABLE detached (
    identity TEXT PRIMARY KEY NOT NULL,
    org TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE contacts (
    org TEXT NOT NULL,
    identity TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    kind BIGINT NOT NULL,
    is_enabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org, identity)
);

CREATE INDEX contacts_by_identity ON contacts (identity);

CREATE TABLE categories (
    id TEXT PRIMARY KEY NOT NULL,
    org TEXT NOT NULL,
    name TEXT NOT NULL,
    source BIGINT NOT NULL,
    is_enabled BIGINT NOT NULL
);

CREATE INDEX categories_by_org ON categories (org, id);

CREATE TABLE contact_categories (
    org TEXT NOT NULL,
    identity TEXT NOT NULL,
    category TEXT NOT NULL,
    PRIMARY KEY (org, identity, category)
);

CREATE INDEX contact_categories_by_category ON contact_categories (category);

CREATE TABLE mdm (
    org TEXT NOT NULL,
    credential TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (org, credential, name)
);

CREATE TABLE activations (
    token_hash BYTEA PRIMARY KEY NOT NULL,
    credential TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);

CREATE INDEX activations_by_credential ON activations (credential);

CREATE TABLE links (
    identity TEXT NOT NULL,
    kind BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    verified_at BIGINT NOT NULL,
    PRIMARY KEY (identity, kind),
    UNIQUE (kind, hash)
);

CREATE TABLE pending_links (
    id BYTEA PRIMARY KEY NOT NULL,
    identity TEXT NOT NULL,
    kind BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    code BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    sends BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX pending_links_by_identity ON pending_links (identity);

CREATE INDEX pending_links_by_expiry ON pending_links (expires_at);

CREATE TABLE safe_backups (
    id BYTEA PRIMARY KEY NOT NULL,
    bytes BYTEA NOT NULL,
    owner TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX safe_backups_by_expiry ON safe_backups (expires_at);

CREATE INDEX safe_backups_by_owner ON safe_backups (owner);

CREATE TABLE remote_secrets (
    token_hash BYTEA PRIMARY KEY NOT NULL,
    identity TEXT NOT NULL UNIQUE,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY NOT NULL,
    org TEXT NOT NULL,
    name TEXT NOT NULL,
    hash BYTEA NOT NULL,
    rights TEXT NOT NULL,
    networks TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,
    last_used_day BIGINT NOT NULL
);

CREATE INDEX api_keys_by_org ON api_keys (org, id);

CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);

-- Backups are encrypted already: trying to compress them is lost time.
ALTER TABLE safe_backups ALTER COLUMN bytes SET STORAGE EXTERNAL;
