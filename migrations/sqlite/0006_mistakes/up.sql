-- What was put right: present facts stand where they always stood, what stood there before is kept in `revisions`.
ALTER TABLE requests ADD COLUMN revisions TEXT;
ALTER TABLE requests ADD COLUMN corrections INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN withdrawal TEXT;
ALTER TABLE requests ADD COLUMN restoration TEXT;
-- One item may be taken back by itself; `restore` says that it had been acted on by then.
ALTER TABLE items ADD COLUMN withdrawn_at INTEGER;
ALTER TABLE items ADD COLUMN withdrawal TEXT;
ALTER TABLE items ADD COLUMN restore INTEGER;

UPDATE requests SET
    withdrawal = CASE
        WHEN state LIKE '%"reason":"mistake"%' THEN 'mistake'
        WHEN state LIKE '%"reason":"duplicate"%' THEN 'duplicate'
        WHEN state LIKE '%"reason":"annulled"%' THEN 'annulled'
        WHEN state LIKE '%"reason":"no_longer_needed"%' THEN 'no_longer_needed'
    END,
    restoration = CASE
        WHEN state LIKE '%"restoration":"asked"%' THEN 'asked'
        WHEN state LIKE '%"restoration":"answered"%' THEN 'answered'
    END
WHERE status = 'withdrawn';

-- The list of what is asked back is short, however many requests there are.
CREATE INDEX requests_restoration ON requests (restoration, id) WHERE restoration IS NOT NULL;
