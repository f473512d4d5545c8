-- Notice before a first order, copies for the authority of the platform's country, its scrutiny, final orders.

-- Under which instruments an agency scrutinises the orders of others, as a JSON array.
ALTER TABLE agencies ADD COLUMN scrutinises TEXT NOT NULL DEFAULT '[]';
CREATE INDEX agencies_scrutinise ON agencies (country) WHERE scrutinises <> '[]';

-- What other authorities have to do with an order, as JSON; most requests have none of it.
ALTER TABLE requests ADD COLUMN oversight TEXT;
-- Whether an agency has given a platform such an order before is one look, however many there are.
CREATE INDEX requests_orders ON requests (agency_id, platform_id, instrument) WHERE kind = 'order';

-- Which orders an authority has a copy of.
CREATE TABLE copies (
    authority_id TEXT NOT NULL REFERENCES agencies (id),
    request_id TEXT NOT NULL REFERENCES requests (id),
    PRIMARY KEY (authority_id, request_id)
);

-- Which orders are final, for counting those of the last months.
CREATE TABLE final_orders (
    request_id TEXT NOT NULL PRIMARY KEY REFERENCES requests (id),
    platform_id TEXT NOT NULL,
    instrument TEXT NOT NULL,
    final_at BIGINT NOT NULL
);
CREATE INDEX final_orders_of_platform ON final_orders (platform_id, instrument, final_at);

-- What agencies told platforms before their first orders.
CREATE TABLE prior_notices (
    id TEXT NOT NULL PRIMARY KEY,
    check_code TEXT NOT NULL UNIQUE,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    platform_id TEXT NOT NULL REFERENCES platforms (id),
    instrument TEXT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX prior_notices_of_agency ON prior_notices (agency_id, id);
CREATE INDEX prior_notices_to_platform ON prior_notices (platform_id, id);
CREATE INDEX prior_notices_first ON prior_notices (agency_id, platform_id, instrument, given_at);
