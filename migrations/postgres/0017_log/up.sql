-- `leaf` is what the sealed history holds of an entry: a commitment to `data` with a salt of its own. `log_index` is its place there.
ALTER TABLE history ADD COLUMN salt BYTEA;
ALTER TABLE history ADD COLUMN leaf BYTEA;
ALTER TABLE history ADD COLUMN log_index BIGINT;
CREATE UNIQUE INDEX history_log ON history (log_index) WHERE log_index IS NOT NULL;
CREATE INDEX history_unsequenced ON history (pos) WHERE log_index IS NULL;

-- How large the tree is, and the roots of the complete trees it consists of, largest first.
CREATE TABLE log_state (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL,
    roots BYTEA NOT NULL
);
INSERT INTO log_state (id, size, roots) VALUES (1, 0, '');

-- Complete tiles: 256 hashes, and the hash of the tree above them, which is one hash of the tile above.
CREATE TABLE log_tiles (
    level INTEGER NOT NULL,
    tile BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    root BYTEA NOT NULL,
    PRIMARY KEY (level, tile)
);

-- Signed checkpoints. The newest is what the log promises; those before it are kept for whoever compares.
CREATE TABLE log_checkpoints (
    size BIGINT NOT NULL PRIMARY KEY,
    signed_at BIGINT NOT NULL,
    note TEXT NOT NULL
);
