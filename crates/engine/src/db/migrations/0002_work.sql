-- Commented copy: docs/schema/client.sql.

CREATE TABLE work (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    edition TEXT NOT NULL,
    username TEXT NOT NULL,
    password TEXT NOT NULL,
    is_licensed INTEGER NOT NULL,
    license_checked_at INTEGER NOT NULL,
    lock_text TEXT NOT NULL,
    needs_credentials INTEGER NOT NULL,
    displaced_text TEXT NOT NULL,
    synced_at INTEGER NOT NULL,
    sync_interval_s INTEGER NOT NULL,
    org_name TEXT NOT NULL,
    support_url TEXT NOT NULL,
    logo_light TEXT NOT NULL,
    logo_dark TEXT NOT NULL,
    directory_enabled INTEGER NOT NULL,
    categories TEXT NOT NULL,
    mdm_override INTEGER NOT NULL,
    sent_profile BLOB NOT NULL,
    nickname_preset TEXT NOT NULL,
    nickname_own TEXT NOT NULL,
    email TEXT NOT NULL,
    email_state INTEGER NOT NULL,
    phone TEXT NOT NULL,
    phone_state INTEGER NOT NULL,
    phone_verification TEXT NOT NULL
) STRICT;
INSERT INTO work (
    slot, edition, username, password, is_licensed, license_checked_at, lock_text,
    needs_credentials, displaced_text, synced_at, sync_interval_s, org_name, support_url,
    logo_light, logo_dark, directory_enabled, categories, mdm_override, sent_profile,
    nickname_preset, nickname_own, email, email_state, phone, phone_state, phone_verification
) VALUES (
    1, '', '', '', 0, 0, '', 0, '', 0, 86400, '', '', '', '', 0, '{}', 0, x'', '', '', '', 0, '', 0,
    ''
);

CREATE TABLE mdm (
    source INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (source, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE remote_secret (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    token BLOB NOT NULL,
    hash BLOB NOT NULL,
    interval_s INTEGER NOT NULL,
    misses_max INTEGER NOT NULL
) STRICT;

ALTER TABLE contacts ADD COLUMN is_work INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN work_first_name TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN work_last_name TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN job_title TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN department TEXT NOT NULL DEFAULT '';
ALTER TABLE settings ADD COLUMN contact_sync INTEGER NOT NULL DEFAULT 0;
