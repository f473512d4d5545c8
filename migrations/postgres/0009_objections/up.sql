-- What uploaders object to, and the codes by which they do.

-- One code an item, made when its tombstone is first drawn. Searched by its SHA-256, so that the time of a search tells
-- nothing about the codes there are; kept itself as well, because a later tombstone shows it again.
CREATE TABLE objection_codes (
    item_id TEXT NOT NULL PRIMARY KEY REFERENCES items (id),
    code TEXT NOT NULL,
    digest BYTEA NOT NULL UNIQUE
);

-- The words are messages: that of the uploader and the latest of the platform.
CREATE TABLE objections (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    agency_id TEXT NOT NULL,
    platform_id TEXT NOT NULL,
    item_id TEXT NOT NULL REFERENCES items (id),
    message_id TEXT NOT NULL REFERENCES messages (id),
    made_at BIGINT NOT NULL,
    outcome TEXT,
    restored BOOLEAN NOT NULL,
    corrections INTEGER NOT NULL,
    answer_id TEXT REFERENCES messages (id),
    answered_at BIGINT
);
CREATE INDEX objections_of_request ON objections (request_id, id);
CREATE INDEX objections_of_item ON objections (item_id, id);
CREATE INDEX objections_of_agency ON objections (agency_id, id);
CREATE INDEX objections_of_platform ON objections (platform_id, id);

ALTER TABLE items ADD COLUMN objections INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN objection_outcome TEXT;
