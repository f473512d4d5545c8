-- Threads, documents, notes of one side, saved texts.

ALTER TABLE messages ADD COLUMN in_reply_to TEXT;
ALTER TABLE messages ADD COLUMN document_name TEXT;
ALTER TABLE messages ADD COLUMN document_bytes INTEGER;
ALTER TABLE messages ADD COLUMN document_digest TEXT;

-- A document in pieces, so that nobody holds all of it in memory who stores or downloads it.
CREATE TABLE documents (
    message_id TEXT NOT NULL REFERENCES messages (id),
    position INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (message_id, position)
) STRICT;

-- Of one side only: `party_id` is part of every query.
CREATE TABLE internal_notes (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    party_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX internal_notes_of_party ON internal_notes (request_id, party_id, id);

CREATE TABLE saved_texts (
    id TEXT NOT NULL PRIMARY KEY,
    party_id TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX saved_texts_name ON saved_texts (party_id, name);
CREATE INDEX saved_texts_of_party ON saved_texts (party_id, id);
