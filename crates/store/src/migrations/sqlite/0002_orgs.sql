ALTER TABLE identities ADD COLUMN erased_at INTEGER NOT NULL DEFAULT 0;

ALTER TABLE audit ADD COLUMN org TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN detail TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN salt BLOB NOT NULL DEFAULT x'';
ALTER TABLE audit ADD COLUMN content_hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE audit ADD COLUMN hash BLOB NOT NULL DEFAULT x'';

CREATE INDEX audit_by_org ON audit (org, position);

CREATE TABLE orgs (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    plan TEXT NOT NULL,
    seats_max INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    support_url TEXT NOT NULL,
    directory_enabled INTEGER NOT NULL,
    contacts_auto INTEGER NOT NULL,
    contacts_marked INTEGER NOT NULL,
    is_closed_group INTEGER NOT NULL,
    mdm_override INTEGER NOT NULL,
    check_interval_s INTEGER NOT NULL,
    messages_dropped INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE logos (
    org TEXT NOT NULL,
    variant TEXT NOT NULL,
    bytes BLOB NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org, variant)
) STRICT;

CREATE TABLE credentials (
    id TEXT PRIMARY KEY NOT NULL,
    org TEXT NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    password BLOB NOT NULL,
    is_shared INTEGER NOT NULL,
    uses_max INTEGER NOT NULL,
    identity TEXT NOT NULL,
    withdrawn_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_check_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

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
    availability BLOB NOT NULL,
    withdrawn_at INTEGER NOT NULL,
    last_check_at INTEGER NOT NULL,
    attached_at INTEGER NOT NULL
) STRICT;

CREATE INDEX members_by_org ON members (org, identity);

CREATE INDEX members_by_credential ON members (credential);

CREATE TABLE detached (
    identity TEXT PRIMARY KEY NOT NULL,
    org TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE contacts (
    org TEXT NOT NULL,
    identity TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    kind INTEGER NOT NULL,
    is_enabled INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org, identity)
) STRICT;

CREATE INDEX contacts_by_identity ON contacts (identity);

CREATE TABLE categories (
    id TEXT PRIMARY KEY NOT NULL,
    org TEXT NOT NULL,
    name TEXT NOT NULL,
    source INTEGER NOT NULL,
    is_enabled INTEGER NOT NULL
) STRICT;

CREATE INDEX categories_by_org ON categories (org, id);

CREATE TABLE contact_categories (
    org TEXT NOT NULL,
    identity TEXT NOT NULL,
    category TEXT NOT NULL,
    PRIMARY KEY (org, identity, category)
) STRICT;

CREATE INDEX contact_categories_by_category ON contact_categories (category);

CREATE TABLE mdm (
    org TEXT NOT NULL,
    credential TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (org, credential, name)
) STRICT;

CREATE TABLE activations (
    token_hash BLOB PRIMARY KEY NOT NULL,
    credential TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;

CREATE INDEX activations_by_credential ON activations (credential);

CREATE TABLE links (
    identity TEXT NOT NULL,
    kind INTEGER NOT NULL,
    hash BLOB NOT NULL,
    verified_at INTEGER NOT NULL,
    PRIMARY KEY (identity, kind),
    UNIQUE (kind, hash)
) STRICT;

CREATE TABLE pending_links (
    id BLOB PRIMARY KEY NOT NULL,
    identity TEXT NOT NULL,
    kind INTEGER NOT NULL,
    hash BLOB NOT NULL,
    code BLOB NOT NULL,
    tries INTEGER NOT NULL,
    sends INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX pending_links_by_identity ON pending_links (identity);

CREATE INDEX pending_links_by_expiry ON pending_links (expires_at);

CREATE TABLE safe_backups (
    id BLOB PRIMARY KEY NOT NULL,
    bytes BLOB NOT NULL,
    owner TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX safe_backups_by_expiry ON safe_backups (expires_at);

CREATE INDEX safe_backups_by_owner ON safe_backups (owner);

CREATE TABLE remote_secrets (
    token_hash BLOB PRIMARY KEY NOT NULL,
    identity TEXT NOT NULL UNIQUE,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY NOT NULL,
    org TEXT NOT NULL,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    rights TEXT NOT NULL,
    networks TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL,
    last_used_day INTEGER NOT NULL
) STRICT;

CREATE INDEX api_keys_by_org ON api_keys (org, id);

CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);
