-- The tables of the server, as SQLite has them. PostgreSQL has the same with BIGINT for INTEGER
-- and BYTEA for BLOB. A test compares this file with both databases.
--
-- `personal: yes` marks what says something about a person: exports contain it, erasure removes
-- it. Times are milliseconds of the epoch; 0, an empty text or no bytes stand for "none".

-- Facts about this instance of the service, by name.
-- Kept: as long as the instance exists.
CREATE TABLE instance (
    -- personal: no. Name of the fact, such as instance-id.
    key TEXT PRIMARY KEY NOT NULL,
    -- personal: no. Its value. The dedup-key is secret: it keys the hashes of the queue.
    value BLOB NOT NULL
) STRICT;

-- Every identity that was ever issued here; rows are never deleted, so none is issued twice.
-- Kept: as long as the instance exists; erasure leaves the eight characters and a hash of the key.
CREATE TABLE identities (
    -- personal: yes. The eight characters.
    identity TEXT PRIMARY KEY NOT NULL,
    -- personal: yes. The client key (X25519, 32 bytes), or its hash once erased; stays unique.
    public_key BLOB NOT NULL UNIQUE,
    -- personal: yes. 0 private, 1 work.
    kind INTEGER NOT NULL,
    -- personal: yes. 0 active, 1 inactive, 2 revoked.
    state INTEGER NOT NULL,
    -- personal: yes. What the clients can do; the bits of an unsigned number.
    feature_mask INTEGER NOT NULL,
    -- personal: yes. When it was issued, in milliseconds of the epoch.
    created_at INTEGER NOT NULL,
    -- personal: yes. 1 if it was taken over from another instance.
    imported INTEGER NOT NULL,
    -- personal: yes. Days of the epoch at the last login, no finer on purpose; 0 before the first.
    last_login_day INTEGER NOT NULL,
    -- personal: yes. Milliseconds of the epoch; 0 if not revoked.
    revoked_at INTEGER NOT NULL,
    -- personal: yes. Four bytes of a password hash; empty if none is set or after revocation.
    revocation_key BLOB NOT NULL,
    -- personal: yes. Milliseconds of the epoch; 0 if none is set.
    revocation_key_set_at INTEGER NOT NULL,
    -- personal: yes. Sent at the last login; empty before the first and after revocation.
    device_cookie BLOB NOT NULL,
    -- personal: yes. 1 until a client has shown the warning about another device.
    device_cookie_changed INTEGER NOT NULL,
    -- personal: yes. When it was erased, in milliseconds of the epoch; 0 if it was not.
    erased_at INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Messages that wait for their receivers; a row is deleted when its receiver acknowledges it.
-- Kept: until then, at most `chat.queue_ttl_days`; 60 seconds if short-lived.
CREATE TABLE messages (
    -- personal: no. Place in the queue of the whole server; the committer hands it out.
    position INTEGER PRIMARY KEY NOT NULL,
    -- personal: yes. The eight characters as a big-endian number; needs no lookup.
    receiver INTEGER NOT NULL,
    -- personal: yes. The same for the sender.
    sender INTEGER NOT NULL,
    -- personal: no. Keyed hash of receiver, sender, id and nonce; plus one for each collision.
    dedup INTEGER NOT NULL UNIQUE,
    -- personal: yes. When the server took it, in milliseconds of the epoch.
    enqueued_at INTEGER NOT NULL,
    -- personal: yes. When it stops to matter, in milliseconds of the epoch.
    expires_at INTEGER NOT NULL,
    -- personal: yes. The flags of the header.
    flags INTEGER NOT NULL,
    -- personal: yes. The payload from its header on; the content in it is encrypted end to end.
    bytes BLOB NOT NULL
) STRICT;

-- The queue of one receiver; PostgreSQL adds the position, which SQLite has in every index.
CREATE INDEX messages_by_receiver ON messages (receiver);

-- Blobs; their bytes lie in files named by the id.
-- Kept: until fetched, at most `blob.ttl_days`, or `blob.persist_ttl_days` if to persist.
CREATE TABLE blobs (
    -- personal: no. Sixteen random bytes.
    id BLOB PRIMARY KEY NOT NULL,
    -- personal: no. Length of the encrypted bytes; 0 while pending.
    size_bytes INTEGER NOT NULL,
    -- personal: yes. The identity that uploaded it, for quotas; empty if unknown.
    uploader TEXT NOT NULL,
    -- personal: no. 1 if it stays after somebody has fetched it.
    persist INTEGER NOT NULL,
    -- personal: yes. When the upload began, in milliseconds of the epoch.
    created_at INTEGER NOT NULL,
    -- personal: no. When it may be deleted, in milliseconds of the epoch.
    expires_at INTEGER NOT NULL,
    -- personal: no. 0 pending (the bytes may be missing), 1 sealed.
    state INTEGER NOT NULL
) STRICT;

-- For the sweep of expired blobs.
CREATE INDEX blobs_by_expiry ON blobs (expires_at);

-- For quotas.
CREATE INDEX blobs_by_uploader ON blobs (uploader, created_at);

-- What administrators did, a chain of hashes; a row is never changed but by erasing its text.
-- Kept: as long as the instance exists; erasure blanks who, whom and what.
CREATE TABLE audit (
    -- personal: no. Place in the list.
    position INTEGER PRIMARY KEY NOT NULL,
    -- personal: yes. When, in milliseconds of the epoch.
    at INTEGER NOT NULL,
    -- personal: yes. Who acted.
    actor TEXT NOT NULL,
    -- personal: no. What was done, such as identity.revoke.
    action TEXT NOT NULL,
    -- personal: yes. To whom or what.
    subject TEXT NOT NULL,
    -- personal: no. For which organisation; empty for the instance.
    org TEXT NOT NULL DEFAULT '',
    -- personal: yes. What else there is to know.
    detail TEXT NOT NULL DEFAULT '',
    -- personal: no. Sixteen random bytes; empty once actor, subject and detail are erased.
    salt BLOB NOT NULL DEFAULT x'',
    -- personal: no. Hash of salt, actor, subject and detail; stays after their erasure.
    content_hash BLOB NOT NULL DEFAULT x'',
    -- personal: no. Hash of this act and of the one before.
    hash BLOB NOT NULL DEFAULT x''
) STRICT;

-- The list of one organisation.
CREATE INDEX audit_by_org ON audit (org, position);

-- Organisations: one per subscription.
-- Kept: until the operator deletes it, which needs that it has no members.
CREATE TABLE orgs (
    -- personal: no. Ten characters of A-Z and 0-9.
    id TEXT PRIMARY KEY NOT NULL,
    -- personal: no. What people call it.
    name TEXT NOT NULL,
    -- personal: no. What it has booked; only shown.
    plan TEXT NOT NULL,
    -- personal: no. How many identities may be members; 0 any number.
    seats_max INTEGER NOT NULL,
    -- personal: no. When its licences end, in milliseconds of the epoch; 0 never.
    valid_until INTEGER NOT NULL,
    -- personal: no. Where its members find support; may be empty.
    support_url TEXT NOT NULL,
    -- personal: no. 1 if its members may search each other.
    directory_enabled INTEGER NOT NULL,
    -- personal: no. 1 if every member gets all others as contacts.
    contacts_auto INTEGER NOT NULL,
    -- personal: no. 1 if apps mark the contacts that it manages.
    contacts_marked INTEGER NOT NULL,
    -- personal: no. 1 if its members write only to each other and to its enabled contacts.
    is_closed_group INTEGER NOT NULL,
    -- personal: no. 1 if its parameters win over those of another device management.
    mdm_override INTEGER NOT NULL,
    -- personal: no. How often apps ask for news, in seconds.
    check_interval_s INTEGER NOT NULL,
    -- personal: no. How many messages its closed group kept out.
    messages_dropped INTEGER NOT NULL,
    -- personal: no. Milliseconds of the epoch.
    created_at INTEGER NOT NULL
) STRICT;

-- Logos of organisations.
-- Kept: until replaced, or deleted with the org.
CREATE TABLE logos (
    -- personal: no. Whose.
    org TEXT NOT NULL,
    -- personal: no. light or dark: the background it is for.
    variant TEXT NOT NULL,
    -- personal: no. The picture.
    bytes BLOB NOT NULL,
    -- personal: no. Milliseconds of the epoch.
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org, variant)
) STRICT;

-- Licences: a username and a password each.
-- Kept: until an administrator deletes it; the identity until it is detached, revoked or erased.
CREATE TABLE credentials (
    -- personal: no. Ten characters of A-Z and 0-9.
    id TEXT PRIMARY KEY NOT NULL,
    -- personal: no. Whose.
    org TEXT NOT NULL,
    -- personal: yes. What people type; often a name or an address.
    username TEXT NOT NULL,
    -- personal: yes. The same trimmed and in small letters; unique on the instance.
    username_key TEXT NOT NULL UNIQUE,
    -- personal: yes. Version, salt and hash (Argon2id); never the password.
    password BLOB NOT NULL,
    -- personal: no. 1 if several identities may use it.
    is_shared INTEGER NOT NULL,
    -- personal: no. How many may share it; 0 any number.
    uses_max INTEGER NOT NULL,
    -- personal: yes. The identity that has locked a licence for one; empty if free.
    identity TEXT NOT NULL,
    -- personal: yes. When it was taken back, in milliseconds of the epoch; 0 if it was not.
    withdrawn_at INTEGER NOT NULL,
    -- personal: no. When it ends, in milliseconds of the epoch; 0 never.
    expires_at INTEGER NOT NULL,
    -- personal: yes. When an app last proved it, in milliseconds of the epoch; 0 never.
    last_check_at INTEGER NOT NULL,
    -- personal: no. Milliseconds of the epoch.
    created_at INTEGER NOT NULL
) STRICT;

-- For lists.
CREATE INDEX credentials_by_org ON credentials (org, username_key);

-- To give a credential free.
CREATE INDEX credentials_by_identity ON credentials (identity);

-- Identities on a seat of an organisation; at most one each.
-- Kept: until the identity is detached, revoked or erased.
CREATE TABLE members (
    -- personal: yes. Who.
    identity TEXT PRIMARY KEY NOT NULL,
    -- personal: yes. Of which organisation.
    org TEXT NOT NULL,
    -- personal: yes. With which credential; it may be deleted.
    credential TEXT NOT NULL,
    -- personal: yes. As the app told.
    nickname TEXT NOT NULL,
    -- personal: yes. As the app told.
    first_name TEXT NOT NULL,
    -- personal: yes. As the app told.
    last_name TEXT NOT NULL,
    -- personal: yes. A number or name that the organisation knows them by.
    csi TEXT NOT NULL,
    -- personal: yes. As the app told.
    job_title TEXT NOT NULL,
    -- personal: yes. As the app told.
    department TEXT NOT NULL,
    -- personal: yes. A free text of the organisation's.
    category TEXT NOT NULL,
    -- personal: yes. Which app it was.
    version TEXT NOT NULL,
    -- personal: yes. Whether the member is at work, as the app encoded it; may be empty.
    availability BLOB NOT NULL,
    -- personal: yes. When access was taken, in milliseconds of the epoch; 0 if it was not.
    withdrawn_at INTEGER NOT NULL,
    -- personal: yes. When the app last asked, in milliseconds of the epoch; 0 never.
    last_check_at INTEGER NOT NULL,
    -- personal: yes. Since when, in milliseconds of the epoch.
    attached_at INTEGER NOT NULL
) STRICT;

-- For seats and lists.
CREATE INDEX members_by_org ON members (org, identity);

-- To count who shares a credential.
CREATE INDEX members_by_credential ON members (credential);

-- Identities that an organisation has detached: its apps cannot bring them back by themselves.
-- Kept: until it is readmitted, attached elsewhere, made private, revoked or erased.
CREATE TABLE detached (
    -- personal: yes. Who.
    identity TEXT PRIMARY KEY NOT NULL,
    -- personal: yes. From which organisation.
    org TEXT NOT NULL,
    -- personal: yes. Milliseconds of the epoch.
    at INTEGER NOT NULL
) STRICT;

-- Contacts that an organisation manages for its members.
-- Kept: until an administrator deletes it, or the identity is erased.
CREATE TABLE contacts (
    -- personal: yes. Whose.
    org TEXT NOT NULL,
    -- personal: yes. Who.
    identity TEXT NOT NULL,
    -- personal: yes. As the administrator typed.
    first_name TEXT NOT NULL,
    -- personal: yes. As the administrator typed.
    last_name TEXT NOT NULL,
    -- personal: no. 0 made for a member, 1 made by hand.
    kind INTEGER NOT NULL,
    -- personal: no. 1 if members get it.
    is_enabled INTEGER NOT NULL,
    -- personal: no. Milliseconds of the epoch.
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org, identity)
) STRICT;

-- Where an identity is somebody's contact.
CREATE INDEX contacts_by_identity ON contacts (identity);

-- Names for groups of members and contacts, for directory searches.
-- Kept: until an administrator deletes it.
CREATE TABLE categories (
    -- personal: no. Ten characters of A-Z and 0-9.
    id TEXT PRIMARY KEY NOT NULL,
    -- personal: no. Whose.
    org TEXT NOT NULL,
    -- personal: no. What people call it.
    name TEXT NOT NULL,
    -- personal: no. 0 made by hand, 1 from a parameter.
    source INTEGER NOT NULL,
    -- personal: no. 1 if searches show it.
    is_enabled INTEGER NOT NULL
) STRICT;

-- For lists.
CREATE INDEX categories_by_org ON categories (org, id);

-- Who is in which category.
-- Kept: as long as the member or the contact.
CREATE TABLE contact_categories (
    -- personal: yes. Whose.
    org TEXT NOT NULL,
    -- personal: yes. A member or a contact.
    identity TEXT NOT NULL,
    -- personal: yes. In which.
    category TEXT NOT NULL,
    PRIMARY KEY (org, identity, category)
) STRICT;

-- For searches.
CREATE INDEX contact_categories_by_category ON contact_categories (category);

-- Parameters (th_...) of the instance, of organisations and of credentials; the narrower wins.
-- Kept: until an administrator deletes it; of a credential as long as that, or until its identity
-- is erased.
CREATE TABLE mdm (
    -- personal: no. Whose; empty for the whole instance.
    org TEXT NOT NULL,
    -- personal: yes. For which credential; empty for the whole organisation.
    credential TEXT NOT NULL,
    -- personal: no. Such as th_disable_export.
    name TEXT NOT NULL,
    -- personal: yes. A JSON string, number or boolean; of a credential it may name a person.
    value TEXT NOT NULL,
    PRIMARY KEY (org, credential, name)
) STRICT;

-- Links that show a credential once.
-- Kept: until redeemed or over, and a day more.
CREATE TABLE activations (
    -- personal: no. Hash of what the link holds.
    token_hash BLOB PRIMARY KEY NOT NULL,
    -- personal: yes. Which.
    credential TEXT NOT NULL,
    -- personal: no. Milliseconds of the epoch.
    expires_at INTEGER NOT NULL,
    -- personal: yes. When it was redeemed, in milliseconds of the epoch; 0 not yet.
    used_at INTEGER NOT NULL
) STRICT;

-- To delete them with their credential.
CREATE INDEX activations_by_credential ON activations (credential);

-- Addresses that an identity can be found by.
-- Kept: until the identity unlinks it, somebody else confirms it, or the identity is revoked or
-- erased.
CREATE TABLE links (
    -- personal: yes. Who.
    identity TEXT NOT NULL,
    -- personal: no. 0 e-mail address, 1 telephone number.
    kind INTEGER NOT NULL,
    -- personal: yes. Keyed hash of the address (protocol A4); the address itself is not kept.
    hash BLOB NOT NULL,
    -- personal: yes. When it was confirmed, in milliseconds of the epoch.
    verified_at INTEGER NOT NULL,
    PRIMARY KEY (identity, kind),
    UNIQUE (kind, hash)
) STRICT;

-- Addresses that wait for a code.
-- Kept: until confirmed or over, which is minutes to a day.
CREATE TABLE pending_links (
    -- personal: no. Sixteen random bytes.
    id BLOB PRIMARY KEY NOT NULL,
    -- personal: yes. Who wants the link.
    identity TEXT NOT NULL,
    -- personal: no. 0 e-mail address, 1 telephone number.
    kind INTEGER NOT NULL,
    -- personal: yes. As in links.
    hash BLOB NOT NULL,
    -- personal: no. Keyed hash of the code.
    code BLOB NOT NULL,
    -- personal: no. How often a code was offered.
    tries INTEGER NOT NULL,
    -- personal: no. How often the code was sent.
    sends INTEGER NOT NULL,
    -- personal: yes. Milliseconds of the epoch.
    created_at INTEGER NOT NULL,
    -- personal: no. Milliseconds of the epoch.
    expires_at INTEGER NOT NULL
) STRICT;

-- For limits.
CREATE INDEX pending_links_by_identity ON pending_links (identity);

-- For the sweep.
CREATE INDEX pending_links_by_expiry ON pending_links (expires_at);

-- Backups of Threema Safe: encrypted by the app, under an id that the server cannot guess.
-- Kept: until deleted by the app, or not renewed for 180 days.
CREATE TABLE safe_backups (
    -- personal: no. Derived from identity and password by the app.
    id BLOB PRIMARY KEY NOT NULL,
    -- personal: yes. Encrypted by the app.
    bytes BLOB NOT NULL,
    -- personal: yes. The identity, where the caller had to say it; empty if unknown.
    owner TEXT NOT NULL,
    -- personal: yes. Milliseconds of the epoch.
    updated_at INTEGER NOT NULL,
    -- personal: no. When it is deleted unless it is renewed, in milliseconds of the epoch.
    expires_at INTEGER NOT NULL
) STRICT;

-- For the sweep.
CREATE INDEX safe_backups_by_expiry ON safe_backups (expires_at);

-- For erasure.
CREATE INDEX safe_backups_by_owner ON safe_backups (owner);

-- Secrets without which an app cannot open its own storage.
-- Kept: until deleted by the app, or the member is detached, revoked or erased.
CREATE TABLE remote_secrets (
    -- personal: no. Hash of what fetches it.
    token_hash BLOB PRIMARY KEY NOT NULL,
    -- personal: yes. Whose.
    identity TEXT NOT NULL UNIQUE,
    -- personal: yes. Encrypted with the key file of the instance.
    sealed BLOB NOT NULL,
    -- personal: yes. Milliseconds of the epoch.
    created_at INTEGER NOT NULL
) STRICT;

-- Where the apps of people in browsers can be woken; what is sent there is empty.
-- Kept: until the app asks for no more, another device or app has the identity, its service knows
-- the address no more, or the identity is revoked.
CREATE TABLE push_endpoints (
    -- personal: yes. Whose.
    identity TEXT PRIMARY KEY NOT NULL,
    -- personal: yes. The address that the push service of the browser gave; opens nothing.
    endpoint TEXT NOT NULL,
    -- personal: yes. Milliseconds of the epoch.
    set_at INTEGER NOT NULL
) STRICT;

-- Keys of the administration interface.
-- Kept: until deleted with the org; revoked ones stay for the audit.
CREATE TABLE api_keys (
    -- personal: no. Its public name.
    id TEXT PRIMARY KEY NOT NULL,
    -- personal: no. Whose; empty for the operator.
    org TEXT NOT NULL,
    -- personal: no. What it is for.
    name TEXT NOT NULL,
    -- personal: no. Hash of the key.
    hash BLOB NOT NULL,
    -- personal: no. Areas with read or write, separated by commas.
    rights TEXT NOT NULL,
    -- personal: no. Where it may be used from, separated by commas; empty anywhere.
    networks TEXT NOT NULL,
    -- personal: no. Milliseconds of the epoch.
    created_at INTEGER NOT NULL,
    -- personal: no. Milliseconds of the epoch; 0 never.
    expires_at INTEGER NOT NULL,
    -- personal: no. Milliseconds of the epoch; 0 if it is not.
    revoked_at INTEGER NOT NULL,
    -- personal: no. Days of the epoch; 0 before the first use.
    last_used_day INTEGER NOT NULL
) STRICT;

-- For lists.
CREATE INDEX api_keys_by_org ON api_keys (org, id);

-- For every call with a key.
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);

-- Which steps of the schema have been applied.
-- Kept: as long as the instance exists.
CREATE TABLE migrations (
    -- personal: no. Number of the step.
    number INTEGER PRIMARY KEY NOT NULL,
    -- personal: no. Its name.
    name TEXT NOT NULL
) STRICT;
