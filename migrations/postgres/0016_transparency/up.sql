-- When the first outcome was given, and what had been done to an item that was put back: the latest outcome says neither.
ALTER TABLE items ADD COLUMN first_decided_at BIGINT;
ALTER TABLE items ADD COLUMN undone TEXT;
UPDATE items SET first_decided_at = (SELECT MIN(d.at) FROM decisions d WHERE d.item_id = items.id)
WHERE outcome IS NOT NULL;
UPDATE items SET undone = (
    SELECT d.detail FROM decisions d
    WHERE d.item_id = items.id
        AND d.outcome IN ('removed', 'access_disabled', 'geo_blocked', 'account_suspended', 'restricted', 'modified')
    ORDER BY d.id DESC LIMIT 1
) WHERE outcome = 'restored';

-- The published report of each period, as JSON, made anew year by year. `claimed_until` keeps nodes from making the same one at
-- the same time.
CREATE TABLE transparency_years (
    year INTEGER NOT NULL PRIMARY KEY,
    made_at BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL
);
CREATE TABLE transparency_reports (
    period TEXT NOT NULL PRIMARY KEY,
    year INTEGER NOT NULL,
    made_at BIGINT NOT NULL,
    report TEXT NOT NULL
);
CREATE INDEX transparency_reports_of_year ON transparency_reports (year, period, made_at);
