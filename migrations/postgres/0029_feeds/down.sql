DROP TABLE collection_holders;
DROP TABLE collection_objects;
DROP TABLE collections;
DROP TABLE private_feeds;
