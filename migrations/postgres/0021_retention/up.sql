-- What is kept for a time and then destroyed.
ALTER TABLE requests ADD COLUMN erased_at BIGINT;
-- Those whose time may be over, the oldest first. What was erased is out of it.
CREATE INDEX requests_ageing ON requests (status, updated_at, id) WHERE erased_at IS NULL;

-- Who wants a request to be kept whatever its time.
CREATE TABLE holds (
    request_id TEXT NOT NULL REFERENCES requests (id),
    party_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    client_id TEXT NOT NULL,
    placed_at BIGINT NOT NULL,
    PRIMARY KEY (request_id, party_id)
);

-- With whose erasure the bytes of an entry go, where it is not stored under a request: a request, a sighting, or a class of
-- entries whose own time counts.
ALTER TABLE history ADD COLUMN erased_with TEXT;
UPDATE history SET erased_with = CASE
    WHEN type IN ('internal_note.written', 'document.read') THEN data::json -> 'data' ->> 'request'
    WHEN type IN ('sighting.recorded', 'sighting.revised', 'sighting.retracted') THEN data::json -> 'subject' ->> 'id'
    WHEN type = 'items.looked_up' THEN 'lookups'
    ELSE 'imports'
END
WHERE type IN ('internal_note.written', 'document.read', 'sighting.recorded', 'sighting.revised', 'sighting.retracted',
    'items.looked_up', 'records.imported', 'record.withdrawn');
CREATE INDEX history_ageing ON history (erased_with, at) WHERE erased_with IS NOT NULL AND salt IS NOT NULL;

-- The entries that an answer is about: whoever is given it again gets the same receipt.
ALTER TABLE idempotency ADD COLUMN entries TEXT NOT NULL DEFAULT '';

CREATE INDEX sightings_ageing ON sightings (updated_at, id);
CREATE INDEX imports_ageing ON imports (imported_at, id);
CREATE INDEX mails_ageing ON mails (sent_at, id);
