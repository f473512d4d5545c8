DROP INDEX signed_statements_number;
ALTER TABLE signed_statements DROP COLUMN number;
DROP TABLE unit_tags;
DROP INDEX items_host;
