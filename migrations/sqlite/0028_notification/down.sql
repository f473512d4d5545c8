DROP TABLE bounces;
DROP TABLE unsubscribe_links;
DROP INDEX outbox_digest_open;
DROP INDEX outbox_digest;
ALTER TABLE outbox DROP COLUMN digest_id;
ALTER TABLE platforms DROP COLUMN notification;
