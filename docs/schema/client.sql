-- The client's database, one file per profile. It holds everything the engine knows.
--
-- This is the commented copy of crates/engine/src/db/migrations; a test compares the two. The file
-- is encrypted below SQLite, so columns are plain. Times are milliseconds since 1970, truth values
-- 0 or 1, identities eight characters, keys and ids raw bytes. Empty text and an empty blob mean
-- "none". Positions are never reused.

-- The own identity: no row, or one.
CREATE TABLE identity (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    -- X25519. Written before the directory is asked, so that a lost answer can be asked for again.
    secret_key BLOB NOT NULL,
    -- Empty until the directory has answered.
    identity TEXT NOT NULL,
    -- What the directory said; names the chat server where the instance has several.
    server_group TEXT NOT NULL,
    -- What others see; empty for none.
    nickname TEXT NOT NULL,
    -- 16 random bytes by which the server recognises this device.
    device_cookie BLOB NOT NULL,
    -- The feature mask that the directory confirmed; -1 while it has confirmed none.
    feature_mask INTEGER NOT NULL,
    is_revoked INTEGER NOT NULL
) STRICT;

-- Everybody whose key is pinned. Rows are never deleted, so a key can never be swapped unseen.
CREATE TABLE contacts (
    contact_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identity TEXT NOT NULL,
    public_key BLOB NOT NULL,
    -- 0 unverified, 1 the server vouches, 2 compared in person.
    verification_level INTEGER NOT NULL,
    -- 0 a contact, 1 removed (or known from a group only).
    acquaintance_level INTEGER NOT NULL,
    -- 0 active, 1 inactive, 2 revoked; 2 is final.
    activity_state INTEGER NOT NULL,
    -- 0 regular, 1 work.
    identity_type INTEGER NOT NULL,
    -- What the contact's app can do, by the directory.
    feature_mask INTEGER NOT NULL,
    -- Given by the owner of this database; a name that was never divided is all here.
    first_name TEXT NOT NULL,
    -- Given by the contact, authenticated by the contact.
    nickname TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- The latest created_at this contact ever claimed: an earlier one that comes later was
    -- reordered or held back on its way.
    newest_created_at INTEGER NOT NULL,
    -- Whether the organisation names this contact as one of its own.
    is_work INTEGER NOT NULL DEFAULT 0,
    -- What the organisation says about the contact; nobody else can change it.
    work_first_name TEXT NOT NULL DEFAULT '',
    work_last_name TEXT NOT NULL DEFAULT '',
    job_title TEXT NOT NULL DEFAULT '',
    department TEXT NOT NULL DEFAULT '',
    last_name TEXT NOT NULL DEFAULT '',
    -- Who gave the name: 0 nobody, 1 an address book, 2 the owner. It only rises, and an address
    -- book gives a name only to those who have none.
    sync_state INTEGER NOT NULL DEFAULT 0,
    -- Whether they are told that we read and type: 0 as the settings say, 1 yes, 2 no.
    read_receipts INTEGER NOT NULL DEFAULT 0,
    typing_indicators INTEGER NOT NULL DEFAULT 0,
    -- A key that somebody claimed for this identity and that is not the pinned one; stays until the
    -- person has dealt with it.
    mismatch_key BLOB NOT NULL DEFAULT x'',
    -- Who claimed it: 1 a scanned code, 2 the directory, 3 the organisation.
    mismatch_source INTEGER NOT NULL DEFAULT 0,
    mismatch_at INTEGER NOT NULL DEFAULT 0,
    -- Whether they are at work: 0 they do not say, 1 no, 2 busy; and what they say about it.
    availability INTEGER NOT NULL DEFAULT 0,
    availability_text TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX contacts_by_identity ON contacts (identity);

-- Identities whose messages are discarded, contacts or not.
CREATE TABLE blocked (
    identity TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Identities that no address book makes a contact of.
CREATE TABLE excluded (
    identity TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Who may have the own picture, if it is neither everybody nor nobody.
CREATE TABLE picture_receivers (
    identity TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Whom we write with: a contact, or a group.
CREATE TABLE conversations (
    conversation_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- The contact, or the creator of the group.
    identity TEXT NOT NULL,
    -- The creator's 8 bytes for the group; empty with a contact.
    group_id BLOB NOT NULL,
    -- The newest shown message; 0 while there is none. Orders the conversation list.
    last_position INTEGER NOT NULL DEFAULT 0,
    -- Kept equal to the number of messages in state 10.
    unread_count INTEGER NOT NULL DEFAULT 0,
    -- 0 normal, 1 archived, 2 pinned.
    visibility INTEGER NOT NULL DEFAULT 0,
    -- The person wants to come back to it.
    is_marked_unread INTEGER NOT NULL DEFAULT 0,
    -- Until then nothing of it rings; 0 for never, the largest number for ever.
    muted_until INTEGER NOT NULL DEFAULT 0,
    -- Only what mentions the person rings.
    mentions_only INTEGER NOT NULL DEFAULT 0,
    -- A text that was begun.
    draft TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX conversations_by_name ON conversations (identity, group_id);
CREATE INDEX conversations_by_last_position ON conversations (last_position)
    WHERE last_position > 0;

-- What makes a conversation a group.
CREATE TABLE groups (
    conversation_id INTEGER NOT NULL PRIMARY KEY REFERENCES conversations (conversation_id),
    -- By its creator; empty for none.
    name TEXT NOT NULL,
    -- 0 member, 1 kicked, 2 left.
    my_state INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- When its creator, who is us then, told all members everything about it last.
    synced_at INTEGER NOT NULL DEFAULT 0,
    -- Where its picture is: blob id 16, size 4 (little-endian), key 32; empty for none.
    picture BLOB NOT NULL DEFAULT x''
) STRICT;

-- Who is in a group, without the own identity, with the creator.
CREATE TABLE group_members (
    conversation_id INTEGER NOT NULL REFERENCES groups (conversation_id),
    contact_id INTEGER NOT NULL REFERENCES contacts (contact_id),
    PRIMARY KEY (conversation_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_contact ON group_members (contact_id);

-- Who told or asked whom about a group lately, also about groups that are not known here: within
-- an hour nobody is told or asked again.
CREATE TABLE group_syncs (
    creator TEXT NOT NULL,
    group_id BLOB NOT NULL,
    -- The member that we told; ourselves if we asked the creator.
    member TEXT NOT NULL,
    synced_at INTEGER NOT NULL,
    PRIMARY KEY (creator, group_id, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_syncs_by_time ON group_syncs (synced_at);

-- Groups of a backup that wait until the keys of all their members are here.
CREATE TABLE restored_groups (
    creator TEXT NOT NULL,
    group_id BLOB NOT NULL,
    -- The entry of the backup (JSON).
    entry BLOB NOT NULL,
    PRIMARY KEY (creator, group_id)
) STRICT, WITHOUT ROWID;

-- Every message of every conversation, both directions, in the order they came to be here.
CREATE TABLE messages (
    position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (conversation_id),
    -- The contact_id of the sender; 0 for ours.
    sender_id INTEGER NOT NULL,
    -- Unique per conversation and sender.
    message_id BLOB NOT NULL,
    -- 0 for what a later version may use but no conversation shows.
    is_shown INTEGER NOT NULL,
    -- The end-to-end message type.
    type INTEGER NOT NULL,
    -- Outgoing: 0 failed, 1 pending, 2 sent, 3 delivered, 4 read. Incoming: 10 unread, 11 read,
    -- 12 not shown.
    state INTEGER NOT NULL,
    -- When that state was reached.
    state_at INTEGER NOT NULL,
    -- Bits: 1 without metadata box, 2 out of order, 4 the sender's clock is far ahead, 8 the
    -- sender may be told that it was read.
    notes INTEGER NOT NULL,
    -- By the sender's clock; authenticated unless note 1 is set.
    created_at INTEGER NOT NULL,
    -- By our clock.
    stored_at INTEGER NOT NULL,
    -- When its sender edited or deleted it last; 0 for never.
    changed_at INTEGER NOT NULL,
    text TEXT NOT NULL,
    -- Type and body of what is not plain text.
    container BLOB NOT NULL,
    -- The caller's own name for the sending.
    reference TEXT NOT NULL,
    -- When it got how far; 0 for not yet, or not known. Ours: when the server had it by our clock,
    -- delivered and read by the contact's. Theirs: read by our clock.
    sent_at INTEGER NOT NULL DEFAULT 0,
    delivered_at INTEGER NOT NULL DEFAULT 0,
    read_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX messages_by_id ON messages (message_id, conversation_id, sender_id);
CREATE INDEX messages_shown ON messages (conversation_id, position) WHERE is_shown = 1;
CREATE INDEX messages_unread ON messages (conversation_id, position) WHERE state = 10;
CREATE UNIQUE INDEX messages_by_reference ON messages (reference) WHERE reference <> '';
CREATE INDEX messages_starred ON messages (position) WHERE notes & 16 = 16;

-- What messages said before they were edited, in order.
CREATE TABLE edits (
    edit_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    position INTEGER NOT NULL REFERENCES messages (position) ON DELETE CASCADE,
    -- Since when it said that, by the sender's clock.
    written_at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX edits_by_position ON edits (position, edit_id);

-- Who has put which emoji on which message.
CREATE TABLE reactions (
    position INTEGER NOT NULL REFERENCES messages (position) ON DELETE CASCADE,
    -- A contact_id, 0 for us.
    sender_id INTEGER NOT NULL,
    -- As it came; a view shows it only if it may be an emoji.
    emoji TEXT NOT NULL,
    -- By the sender's clock.
    reacted_at INTEGER NOT NULL,
    PRIMARY KEY (position, sender_id, emoji)
) STRICT, WITHOUT ROWID;

-- Which messages are polls. What they ask, and what came out, is in the message.
CREATE TABLE polls (
    position INTEGER NOT NULL PRIMARY KEY REFERENCES messages (position) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL,
    -- A contact_id, 0 for us.
    creator_id INTEGER NOT NULL,
    -- Unique per creator and conversation.
    poll_id BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX polls_by_id ON polls (poll_id, conversation_id, creator_id);

-- What was voted in polls, as far as it was told to us.
CREATE TABLE votes (
    position INTEGER NOT NULL REFERENCES polls (position) ON DELETE CASCADE,
    -- A contact_id, 0 for us.
    voter_id INTEGER NOT NULL,
    choice_id INTEGER NOT NULL,
    is_chosen INTEGER NOT NULL,
    PRIMARY KEY (position, voter_id, choice_id)
) STRICT, WITHOUT ROWID;

-- The sealed files of messages, of both directions.
CREATE TABLE media (
    position INTEGER NOT NULL REFERENCES messages (position) ON DELETE CASCADE,
    -- 0 the file, 1 a small picture of it.
    part INTEGER NOT NULL,
    -- The file in the profile, 16 bytes; empty while there is none. Messages may share one.
    name BLOB NOT NULL,
    -- What the blob server calls it; empty while it is not uploaded.
    blob_id BLOB NOT NULL,
    -- What opens it.
    key BLOB NOT NULL,
    nonce BLOB NOT NULL,
    -- Sealed; a peer's word until the file is here.
    size_bytes INTEGER NOT NULL,
    -- 0 on the server only, 1 to be fetched, 2 here, 3 not to be had. Ours: 10 to be sent, 11 sent,
    -- 12 not to be sent.
    state INTEGER NOT NULL,
    -- How the last try failed: 0 not at all, 1 no connection, 2 no answer, 3 too large, 4 not on the
    -- server, 5 damaged, 6 no file, 7 no space, from 100 the server's status.
    fault INTEGER NOT NULL DEFAULT 0,
    -- Tries that failed one after the other.
    tries INTEGER NOT NULL DEFAULT 0,
    -- When it is to be tried; what is urgent is due since long ago.
    due_at INTEGER NOT NULL,
    -- The person has listened to it.
    is_played INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (position, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_due ON media (due_at) WHERE state IN (1, 10);
CREATE INDEX media_by_name ON media (name) WHERE name <> x'';

-- Files that nobody has use of any more, until they are deleted.
CREATE TABLE stale_media (
    name BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Messages go in many ways; their files go with them.
CREATE TRIGGER media_deleted AFTER DELETE ON media WHEN OLD.name <> x'' BEGIN
    INSERT OR IGNORE INTO stale_media (name)
    SELECT OLD.name WHERE NOT EXISTS (SELECT 1 FROM media AS m WHERE m.name = OLD.name);
END;
CREATE TRIGGER media_dropped AFTER UPDATE OF name ON media WHEN OLD.name <> x'' BEGIN
    INSERT OR IGNORE INTO stale_media (name)
    SELECT OLD.name WHERE NOT EXISTS (SELECT 1 FROM media AS m WHERE m.name = OLD.name);
END;

-- Profile pictures: the own one, those of contacts, those of groups.
CREATE TABLE profile_pictures (
    -- 0 the own identity, 1 a contact, 2 a group.
    owner_kind INTEGER NOT NULL,
    -- 0, a contact_id, a conversation_id.
    owner_id INTEGER NOT NULL,
    -- What is shown; empty while the first one is fetched.
    jpeg BLOB NOT NULL,
    -- Where it lies sealed: the own one and those of own groups as uploaded last, the others as
    -- their owner said last. Empty while it was never uploaded.
    blob_id BLOB NOT NULL,
    key BLOB NOT NULL,
    -- Sealed.
    size_bytes INTEGER NOT NULL,
    uploaded_at INTEGER NOT NULL DEFAULT 0,
    -- 0 nothing to do, 1 to be fetched, 10 to be uploaded.
    state INTEGER NOT NULL,
    -- Tries that failed one after the other, and when the next one is due.
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (owner_kind, owner_id)
) STRICT;
CREATE INDEX profile_pictures_due ON profile_pictures (due_at) WHERE state IN (1, 10);

-- What contacts were told last about the own picture.
CREATE TABLE sent_pictures (
    contact_id INTEGER NOT NULL PRIMARY KEY REFERENCES contacts (contact_id) ON DELETE CASCADE,
    -- Where it lies; empty if they were told that there is none.
    blob_id BLOB NOT NULL,
    -- 0 if they were told nothing.
    sent_at INTEGER NOT NULL,
    -- They are to be told as soon as the picture is uploaded.
    is_waiting INTEGER NOT NULL
) STRICT;

-- What the server has not acknowledged yet, in sending order.
CREATE TABLE outbox (
    position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    receiver TEXT NOT NULL,
    message_id BLOB NOT NULL,
    -- The complete sealed message: sending it again sends the same bytes, so the same nonce.
    payload BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX outbox_by_id ON outbox (message_id, receiver);

-- HMAC-SHA256 under the own identity of every message nonce ever used, both directions, for ever.
CREATE TABLE nonces (
    hash BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- One row.
CREATE TABLE settings (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    read_receipts INTEGER NOT NULL,
    typing_indicators INTEGER NOT NULL,
    block_unknown INTEGER NOT NULL,
    -- Another device logged in; stays until the person has seen it.
    is_device_cookie_changed INTEGER NOT NULL,
    -- When the directory was last asked what became of the contacts.
    contacts_checked_at INTEGER NOT NULL,
    -- How often it wants to be asked.
    check_interval_s INTEGER NOT NULL,
    -- Whether people of the address book are looked for by their addresses.
    contact_sync INTEGER NOT NULL DEFAULT 0,
    -- By which name contacts are sorted: 0 the first, 1 the last.
    sort_order INTEGER NOT NULL DEFAULT 0,
    -- Which name is shown first: 0 the first, 1 the last.
    name_order INTEGER NOT NULL DEFAULT 0,
    -- Whether contacts out of use are left out of the list.
    hide_inactive INTEGER NOT NULL DEFAULT 0,
    -- Who may have the own picture: 0 nobody, 1 everybody, 2 those of picture_receivers.
    picture_sharing INTEGER NOT NULL DEFAULT 1,
    -- Which files are fetched by themselves: bits 1 images, 2 audio, 4 videos, 8 others.
    auto_download_kinds INTEGER NOT NULL DEFAULT 15,
    -- The largest of them.
    auto_download_bytes_max INTEGER NOT NULL DEFAULT 5242880
) STRICT;
INSERT INTO settings (
    slot, read_receipts, typing_indicators, block_unknown, is_device_cookie_changed,
    contacts_checked_at, check_interval_s
) VALUES (1, 1, 1, 0, 0, 0, 86400);

-- The edition of the app and what it knows of its organisation. One row.
CREATE TABLE work (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    -- private, work or onprem; empty until the app was opened once.
    edition TEXT NOT NULL,
    -- The licence of the person, as the organisation gave it.
    username TEXT NOT NULL,
    password TEXT NOT NULL,
    -- Whether the server ever said that the licence is good: a server that cannot be reached takes
    -- nothing away from it.
    is_licensed INTEGER NOT NULL,
    -- When the server was last asked whether the licence is good.
    license_checked_at INTEGER NOT NULL,
    -- Why the app is locked, in the server's words.
    lock_text TEXT NOT NULL,
    -- The server did not know the credentials; the person has to give new ones.
    needs_credentials INTEGER NOT NULL,
    -- Where the identity is instead of here, in the server's words.
    displaced_text TEXT NOT NULL,
    -- When the organisation was last asked, and how often it wants to be asked.
    synced_at INTEGER NOT NULL,
    sync_interval_s INTEGER NOT NULL,
    -- What it said about itself.
    org_name TEXT NOT NULL,
    support_url TEXT NOT NULL,
    logo_light TEXT NOT NULL,
    logo_dark TEXT NOT NULL,
    directory_enabled INTEGER NOT NULL,
    -- A JSON object: names by ids.
    categories TEXT NOT NULL,
    -- Whether its rules win over those of the device's own management.
    mdm_override INTEGER NOT NULL,
    -- A hash of what the organisation was last told about this user.
    sent_profile BLOB NOT NULL,
    -- The nickname that the organisation gave, and the one that it replaced.
    nickname_preset TEXT NOT NULL,
    nickname_own TEXT NOT NULL,
    -- Addresses that lead others to the own identity. States: 0 none, 1 waits, 2 linked.
    email TEXT NOT NULL,
    email_state INTEGER NOT NULL,
    phone TEXT NOT NULL,
    phone_state INTEGER NOT NULL,
    -- Names the verification that a code is awaited for.
    phone_verification TEXT NOT NULL,
    -- Whether the person is at work, as colleagues are told; see contacts.
    availability INTEGER NOT NULL DEFAULT 0,
    availability_text TEXT NOT NULL DEFAULT ''
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

-- The logos of the organisation.
CREATE TABLE logos (
    -- light or dark: the ground that it is for.
    variant TEXT NOT NULL PRIMARY KEY,
    -- Where the organisation says it is. It is fetched again when that changes.
    address TEXT NOT NULL,
    -- Empty if there was none.
    png BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What an organisation set (th_*), by source: 0 the device's own management, 1 the server.
CREATE TABLE mdm (
    source INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- A JSON scalar.
    value TEXT NOT NULL,
    PRIMARY KEY (source, name)
) STRICT, WITHOUT ROWID;

-- The remote secret without which the app does not open; no row while there is none.
CREATE TABLE remote_secret (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    -- Shown to the server to get the secret.
    token BLOB NOT NULL,
    -- By which the secret is recognised. The secret itself is never stored.
    hash BLOB NOT NULL,
    -- How often the server wants to be asked, and how often it may be missed.
    interval_s INTEGER NOT NULL,
    misses_max INTEGER NOT NULL
) STRICT;

-- Safe: one row.
CREATE TABLE safe (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    is_enabled INTEGER NOT NULL,
    -- The address the person chose, with its credentials; empty for the instance's own server.
    server TEXT NOT NULL,
    -- Where the backup is and what seals it, derived from the password, which is not kept.
    backup_id BLOB NOT NULL,
    key BLOB NOT NULL,
    -- SHA-256 of the identity and the organisation's password, if those two came from it.
    managed_by BLOB NOT NULL,
    -- The last upload: when, where to, the SHA-256 of what, and its size. 0 before the first.
    uploaded_at INTEGER NOT NULL,
    uploaded_to TEXT NOT NULL,
    uploaded_hash BLOB NOT NULL,
    uploaded_bytes INTEGER NOT NULL,
    -- The last look whether an upload is due, and what went wrong: 0 nothing, 1 not reached,
    -- 2 refused, 3 too large for the server, 4 the server answered something unusable.
    tried_at INTEGER NOT NULL,
    fault INTEGER NOT NULL,
    -- What the server said about itself; 0 before it did.
    bytes_max INTEGER NOT NULL,
    retention_days INTEGER NOT NULL,
    -- A backup under an older password or on an older server that is still to be deleted.
    stale_server TEXT NOT NULL,
    stale_id BLOB NOT NULL,
    -- What another app put into the backup that was restored and this version knows nothing of.
    carried BLOB NOT NULL,
    -- When an identity was restored here; 0 for never.
    restored_at INTEGER NOT NULL
) STRICT;

-- Contacts of a restored backup whose keys the directory is still to be asked for.
CREATE TABLE restored_contacts (
    identity TEXT NOT NULL PRIMARY KEY,
    -- The entry of the backup, as JSON.
    entry BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Where the browser lets itself be woken (docs/spec/web-push.md): one row.
CREATE TABLE push_endpoint (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    -- The address of the browser's subscription; empty for none.
    wanted TEXT NOT NULL,
    -- The address that the server accepted last; empty for none.
    told TEXT NOT NULL,
    -- When it did; 0 for never.
    told_at INTEGER NOT NULL
) STRICT;
