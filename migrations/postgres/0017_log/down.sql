DROP TABLE log_checkpoints;
DROP TABLE log_tiles;
DROP TABLE log_state;
DROP INDEX history_unsequenced;
DROP INDEX history_log;
ALTER TABLE history DROP COLUMN log_index;
ALTER TABLE history DROP COLUMN leaf;
ALTER TABLE history DROP COLUMN salt;
