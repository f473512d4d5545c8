-- Whether an agency agrees to be named to others who ask about the same item; both must agree.
ALTER TABLE agencies ADD COLUMN naming_agreed INTEGER NOT NULL DEFAULT 0;

-- What was asked about before, one row per item, agency and non-disclosure, so that looking it up costs the same however often it was.
-- within: the platform for a plain name, which means nothing elsewhere; empty for what means the same everywhere.
-- recent: identifiers of the newest ten items, newest first, 31 characters each.
-- undisclosed: filed under non-disclosure. Counted apart, so that nothing of it shows in what is told of the others.
-- undisclosed_until: the latest date of these requests; 0 for the others.
CREATE TABLE asked (
    comparison_digest BLOB NOT NULL,
    within TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    times INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    recent TEXT NOT NULL,
    undisclosed INTEGER NOT NULL,
    undisclosed_until INTEGER NOT NULL,
    PRIMARY KEY (comparison_digest, within, agency_id, undisclosed)
) STRICT, WITHOUT ROWID;

INSERT INTO asked (comparison_digest, within, agency_id, times, first_at, last_at, recent, undisclosed, undisclosed_until)
SELECT comparison_digest, within, agency_id, COUNT(*), MIN(filed_at), MAX(filed_at),
       substr(group_concat(item_id, '' ORDER BY item_id DESC), 1, 310), undisclosed_until > 0, MAX(undisclosed_until)
FROM (
    SELECT i.comparison_digest,
           CASE WHEN i.host IS NULL AND i.kind <> 'file_hash' THEN r.platform_id ELSE '' END AS within,
           r.agency_id, r.id AS request_id, r.filed_at, MAX(i.id) AS item_id,
           MAX(COALESCE(unixepoch(json_extract(r.filing, '$.non_disclosure.until')) * 1000 + 999, 0)) AS undisclosed_until
    FROM items i JOIN requests r ON r.id = i.request_id
    GROUP BY 1, 2, 3, 4, 5
)
GROUP BY comparison_digest, within, agency_id, undisclosed_until > 0;

-- Nothing reads it: what makes two items the same is looked up above.
DROP INDEX items_comparison;

-- SHA-256 digests that a platform was asked about: those that an item carries, and items that are one.
CREATE TABLE item_digests (
    platform_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    item_id TEXT NOT NULL,
    PRIMARY KEY (platform_id, digest, item_id)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO item_digests (platform_id, digest, item_id)
SELECT r.platform_id, unhex(json_extract(d.value, '$.value')), i.id
FROM items i JOIN requests r ON r.id = i.request_id, json_each(i.detail, '$.digests') d
WHERE json_extract(d.value, '$.algorithm') = 'sha256';
INSERT OR IGNORE INTO item_digests (platform_id, digest, item_id)
SELECT r.platform_id, unhex(substr(i.comparison_key, 8)), i.id
FROM items i JOIN requests r ON r.id = i.request_id
WHERE i.kind = 'file_hash' AND i.comparison_key LIKE 'sha256:%';
