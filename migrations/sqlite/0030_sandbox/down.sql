-- Without its mark a sandbox would be taken for an exchange, for good: refused while there is one.
CREATE TABLE undoing (held INTEGER CONSTRAINT of_a_sandbox_nothing_is_undone CHECK (held = 0));
INSERT INTO undoing SELECT COUNT(*) FROM sandbox WHERE kind = 'sandbox';
DROP TABLE undoing;
DROP TABLE sandbox;
