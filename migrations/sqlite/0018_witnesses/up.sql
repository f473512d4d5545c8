-- `note` grows by the signatures of witnesses. When the first of them came, and when they were as many as the policy asks.
ALTER TABLE log_checkpoints ADD COLUMN witnessed_at INTEGER;
ALTER TABLE log_checkpoints ADD COLUMN cosigned_at INTEGER;
CREATE INDEX log_checkpoints_witnessed ON log_checkpoints (size) WHERE witnessed_at IS NOT NULL;
CREATE INDEX log_checkpoints_cosigned ON log_checkpoints (size) WHERE cosigned_at IS NOT NULL;

-- How each witness stands: the size it signed last, what went wrong since, when it is asked again, and until when a node is at it.
CREATE TABLE log_witnesses (
    vkey TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    signed_at INTEGER,
    failures INTEGER NOT NULL,
    problem TEXT,
    problem_text TEXT,
    problem_at INTEGER,
    next_at INTEGER NOT NULL,
    claimed_until INTEGER NOT NULL
) STRICT;
