DROP TABLE log_witnesses;
DROP INDEX log_checkpoints_cosigned;
DROP INDEX log_checkpoints_witnessed;
ALTER TABLE log_checkpoints DROP COLUMN cosigned_at;
ALTER TABLE log_checkpoints DROP COLUMN witnessed_at;
