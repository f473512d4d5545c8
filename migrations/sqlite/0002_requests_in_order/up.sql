-- Lists and exports walk the requests of one party in the order of their identifiers. Without these SQLite reads and
-- sorts all requests of the party for every page. Unique, because that lets it see that the items of a walk need no
-- sorting either.
CREATE UNIQUE INDEX requests_of_agency ON requests (agency_id, id);
CREATE UNIQUE INDEX requests_to_platform ON requests (platform_id, id);
