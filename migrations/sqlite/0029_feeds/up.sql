-- Secret addresses at which a party's inbox is read as an Atom feed. Searched by the SHA-256 of the secret, which is kept nowhere. Each
-- shows something as long as the client that opened it may read the inbox.
CREATE TABLE private_feeds (
    id TEXT NOT NULL PRIMARY KEY,
    party_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX private_feeds_of_party ON private_feeds (party_id, id);

-- The collection of a platform for TAXII: up to which position of the platform's feed it goes, and the last instant (microseconds) at
-- which an object was added.
CREATE TABLE collections (
    platform_id TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;

-- Which objects it has. Each is there once, in its last version; what it says is made from the request when it is read. No two were
-- added at one instant.
CREATE TABLE collection_objects (
    platform_id TEXT NOT NULL,
    object_id TEXT NOT NULL,
    object_type TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    request_id TEXT,
    PRIMARY KEY (platform_id, object_id)
) STRICT;
CREATE UNIQUE INDEX collection_objects_in_order ON collection_objects (platform_id, added_at);
CREATE INDEX collection_objects_request ON collection_objects (request_id);

-- Which observables a request has: several may have the same one, which is in the collection once, as that of one of them. When it is
-- erased the next one has it.
CREATE TABLE collection_holders (
    request_id TEXT NOT NULL,
    object_id TEXT NOT NULL,
    platform_id TEXT NOT NULL,
    PRIMARY KEY (request_id, object_id)
) STRICT;
CREATE INDEX collection_holders_of_object ON collection_holders (platform_id, object_id);
