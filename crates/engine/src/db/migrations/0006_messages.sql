-- Commented copy: docs/schema/client.sql.

ALTER TABLE messages ADD COLUMN sent_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN delivered_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN read_at INTEGER NOT NULL DEFAULT 0;
-- Of earlier messages only the last step is known.
UPDATE messages SET sent_at = state_at WHERE state = 2;
UPDATE messages SET delivered_at = state_at WHERE state = 3;
UPDATE messages SET read_at = state_at WHERE state IN (4, 11);
CREATE INDEX messages_starred ON messages (position) WHERE notes & 16 = 16;

CREATE TABLE edits (
    edit_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    position INTEGER NOT NULL REFERENCES messages (position) ON DELETE CASCADE,
    written_at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX edits_by_position ON edits (position, edit_id);

CREATE TABLE reactions (
    position INTEGER NOT NULL REFERENCES messages (position) ON DELETE CASCADE,
    sender_id INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    reacted_at INTEGER NOT NULL,
    PRIMARY KEY (position, sender_id, emoji)
) STRICT, WITHOUT ROWID;

CREATE TABLE polls (
    position INTEGER NOT NULL PRIMARY KEY REFERENCES messages (position) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL,
    creator_id INTEGER NOT NULL,
    poll_id BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX polls_by_id ON polls (poll_id, conversation_id, creator_id);
-- Earlier versions kept polls without showing them: type, eight bytes of an id, the setup.
INSERT OR IGNORE INTO polls (position, conversation_id, creator_id, poll_id)
SELECT position, conversation_id, sender_id, substr(container, 2, 8) FROM messages
WHERE type = 21 AND length(container) > 9;

CREATE TABLE votes (
    position INTEGER NOT NULL REFERENCES polls (position) ON DELETE CASCADE,
    voter_id INTEGER NOT NULL,
    choice_id INTEGER NOT NULL,
    is_chosen INTEGER NOT NULL,
    PRIMARY KEY (position, voter_id, choice_id)
) STRICT, WITHOUT ROWID;
