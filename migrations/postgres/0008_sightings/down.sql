DROP INDEX requests_unfetched;
DROP TABLE found_contacts;
DROP TABLE sighted_platforms;
DROP TABLE sightings;
