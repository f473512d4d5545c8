DROP TABLE rejected_contacts;
DROP TABLE answer_links;
DROP INDEX requests_doubted;
ALTER TABLE requests DROP COLUMN doubted_at;
