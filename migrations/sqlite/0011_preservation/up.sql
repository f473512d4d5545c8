-- Keeping what was removed, as a duty with a state and a time of its own. `preservation` is the core's type as JSON; the
-- other columns follow from it: `preservation_due` is when the time next brings something.
ALTER TABLE requests ADD COLUMN preservation TEXT;
ALTER TABLE requests ADD COLUMN preservation_status TEXT;
ALTER TABLE requests ADD COLUMN preservation_until INTEGER;
ALTER TABLE requests ADD COLUMN preservation_due INTEGER;

-- What was filed so far was a date and no more: it is asked since the filing.
UPDATE requests SET
    preservation = json_object(
        'basis', 'filing',
        'until', json_extract(filing, '$.preservation.until'),
        'by_law_until', NULL,
        'set_at', strftime('%Y-%m-%dT%H:%M:%fZ', filed_at / 1000.0, 'unixepoch')
    ),
    preservation_status = 'asked',
    preservation_until = unixepoch(json_extract(filing, '$.preservation.until')) * 1000,
    preservation_due = unixepoch(json_extract(filing, '$.preservation.until')) * 1000 - 1209600000
WHERE json_extract(filing, '$.preservation.until') IS NOT NULL;

-- The list of what is kept is short beside all requests, and so is what the time brings next.
CREATE INDEX requests_preservation ON requests (preservation_status, id) WHERE preservation_status IS NOT NULL;
CREATE INDEX requests_preservation_due ON requests (preservation_due) WHERE preservation_due IS NOT NULL;
