-- A conversation is with a contact or in a group, so messages belong to conversations and say
-- themselves who sent them.
CREATE TABLE conversations (
    conversation_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identity TEXT NOT NULL,
    group_id BLOB NOT NULL,
    last_position INTEGER NOT NULL DEFAULT 0,
    unread_count INTEGER NOT NULL DEFAULT 0,
    visibility INTEGER NOT NULL DEFAULT 0,
    is_marked_unread INTEGER NOT NULL DEFAULT 0,
    muted_until INTEGER NOT NULL DEFAULT 0,
    mentions_only INTEGER NOT NULL DEFAULT 0,
    draft TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO conversations (identity, group_id, last_position, unread_count)
SELECT c.identity, x'', c.last_position, c.unread_count FROM contacts AS c
WHERE EXISTS (SELECT 1 FROM messages AS m WHERE m.contact_id = c.contact_id);
CREATE UNIQUE INDEX conversations_by_name ON conversations (identity, group_id);
CREATE INDEX conversations_by_last_position ON conversations (last_position)
    WHERE last_position > 0;

DROP INDEX contacts_by_last_position;
ALTER TABLE contacts DROP COLUMN last_position;
ALTER TABLE contacts DROP COLUMN unread_count;

CREATE TABLE groups (
    conversation_id INTEGER NOT NULL PRIMARY KEY REFERENCES conversations (conversation_id),
    name TEXT NOT NULL,
    my_state INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE group_members (
    conversation_id INTEGER NOT NULL REFERENCES groups (conversation_id),
    contact_id INTEGER NOT NULL REFERENCES contacts (contact_id),
    PRIMARY KEY (conversation_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_contact ON group_members (contact_id);

ALTER TABLE messages RENAME TO messages_by_contact;
DROP INDEX messages_by_id;
DROP INDEX messages_shown;
DROP INDEX messages_unread;
DROP INDEX messages_by_reference;
CREATE TABLE messages (
    position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (conversation_id),
    sender_id INTEGER NOT NULL,
    message_id BLOB NOT NULL,
    is_shown INTEGER NOT NULL,
    type INTEGER NOT NULL,
    state INTEGER NOT NULL,
    state_at INTEGER NOT NULL,
    notes INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    text TEXT NOT NULL,
    container BLOB NOT NULL,
    reference TEXT NOT NULL
) STRICT;
INSERT INTO messages (
    position, conversation_id, sender_id, message_id, is_shown, type, state, state_at, notes,
    created_at, stored_at, changed_at, text, container, reference
)
SELECT m.position, v.conversation_id, iif(m.is_outgoing, 0, m.contact_id), m.message_id, m.is_shown,
       m.type, m.state, m.state_at, m.notes, m.created_at, m.stored_at, 0, m.text, m.container,
       m.reference
FROM messages_by_contact AS m
JOIN contacts AS c ON c.contact_id = m.contact_id
JOIN conversations AS v ON v.identity = c.identity AND v.group_id = x'';
-- Positions are never reused, also not those of messages that were deleted.
DELETE FROM sqlite_sequence WHERE name = 'messages';
UPDATE sqlite_sequence SET name = 'messages' WHERE name = 'messages_by_contact';
DROP TABLE messages_by_contact;
CREATE UNIQUE INDEX messages_by_id ON messages (message_id, conversation_id, sender_id);
CREATE INDEX messages_shown ON messages (conversation_id, position) WHERE is_shown = 1;
CREATE INDEX messages_unread ON messages (conversation_id, position) WHERE state = 10;
CREATE UNIQUE INDEX messages_by_reference ON messages (reference) WHERE reference <> '';

-- Everything of one message together: it is on its way until nothing of it is left.
DROP INDEX outbox_by_id;
CREATE UNIQUE INDEX outbox_by_id ON outbox (message_id, receiver);
