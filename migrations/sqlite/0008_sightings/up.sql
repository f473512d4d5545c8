-- What an agency saw elsewhere after a request of its own, and which request follows it.
CREATE TABLE sightings (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL,
    request_id TEXT NOT NULL REFERENCES requests (id),
    item_id TEXT REFERENCES items (id),
    seen_as TEXT NOT NULL,
    moved TEXT NOT NULL,
    kind TEXT NOT NULL,
    locator TEXT NOT NULL,
    comparison_digest BLOB NOT NULL,
    host TEXT,
    platform_id TEXT NOT NULL,
    confidence TEXT NOT NULL,
    revisions TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    note TEXT,
    followed_by TEXT REFERENCES requests (id),
    followed_at INTEGER,
    retracted_at INTEGER,
    retraction TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sightings_agency ON sightings (agency_id, id);
CREATE INDEX sightings_request ON sightings (request_id, id);
CREATE INDEX sightings_platform ON sightings (platform_id, agency_id, id);
CREATE INDEX sightings_followed ON sightings (followed_by) WHERE followed_by IS NOT NULL;
CREATE INDEX sightings_open ON sightings (agency_id, platform_id, created_at) WHERE followed_by IS NULL AND retracted_at IS NULL;

-- Which platforms came in by a sighting.
CREATE TABLE sighted_platforms (
    platform_id TEXT NOT NULL PRIMARY KEY REFERENCES platforms (id),
    agency_id TEXT NOT NULL,
    sighting_id TEXT NOT NULL REFERENCES sightings (id),
    sighted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sighted_platforms_agency ON sighted_platforms (agency_id, sighted_at);

-- Addresses that an agency found for a platform that nobody speaks for, and where.
CREATE TABLE found_contacts (
    platform_id TEXT NOT NULL REFERENCES platforms (id),
    agency_id TEXT NOT NULL,
    address TEXT NOT NULL,
    source TEXT NOT NULL,
    found_at INTEGER NOT NULL,
    PRIMARY KEY (platform_id, agency_id, address)
) STRICT, WITHOUT ROWID;

-- Whether an agency has written to a platform without an answer: nobody fetched the request.
CREATE INDEX requests_unfetched ON requests (agency_id, platform_id, id) WHERE status = 'filed';
