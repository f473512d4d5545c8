CREATE INDEX items_comparison ON items (comparison_digest);
DROP TABLE item_digests;
DROP TABLE asked;
ALTER TABLE agencies DROP COLUMN naming_agreed;
