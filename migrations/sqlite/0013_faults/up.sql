-- While an item is asked about, whose count in `asked` it belongs to: the agency, `!` under non-disclosure, the platform of
-- a plain name. So an open one is found however many newer ones there are.
ALTER TABLE items ADD COLUMN open_in TEXT;
UPDATE items SET open_in = r.agency_id || CASE WHEN json_extract(r.filing, '$.non_disclosure') IS NULL THEN '' ELSE '!' END
    || CASE WHEN items.host IS NULL AND items.kind <> 'file_hash' THEN r.platform_id ELSE '' END
FROM requests r
WHERE r.id = items.request_id AND r.status NOT IN ('closed', 'withdrawn') AND items.withdrawn_at IS NULL;
CREATE INDEX items_open ON items (comparison_digest, open_in, id) WHERE open_in IS NOT NULL;

-- An item that is written twice in a request is named twice: one may be taken back and the other not.
UPDATE asked SET recent = named.recent
FROM (
    SELECT comparison_digest, within, agency_id, undisclosed, substr(group_concat(item_id, '' ORDER BY request_id DESC, position), 1, 310) AS recent
    FROM (
        SELECT i.comparison_digest, i.request_id, i.position, i.id AS item_id, r.agency_id, (json_extract(r.filing, '$.non_disclosure') IS NULL) = 0 AS undisclosed,
               CASE WHEN i.host IS NULL AND i.kind <> 'file_hash' THEN r.platform_id ELSE '' END AS within
        FROM items i JOIN requests r ON r.id = i.request_id
    ) AS each_item
    GROUP BY comparison_digest, within, agency_id, undisclosed
) AS named
WHERE named.comparison_digest = asked.comparison_digest AND named.within = asked.within
    AND named.agency_id = asked.agency_id AND named.undisclosed = asked.undisclosed;

-- What was answered to a restoration, beside what had been done: `answer` as JSON, its outcome apart to be counted.
ALTER TABLE items ADD COLUMN restoration_outcome TEXT;
ALTER TABLE items ADD COLUMN answer TEXT;
-- After a withdrawal nothing but a restoration is answered; what was declined then had not undone what was done.
UPDATE items SET
    restoration_outcome = items.outcome,
    answer = json_object('outcome', json(items.outcome_detail),
        'at', strftime('%Y-%m-%dT%H:%M:%fZ', items.decided_at / 1000.0, 'unixepoch'), 'done', json(d.detail)),
    outcome = CASE WHEN items.outcome = 'restored' THEN items.outcome ELSE d.outcome END,
    outcome_detail = CASE WHEN items.outcome = 'restored' THEN items.outcome_detail ELSE d.detail END,
    decided_at = CASE WHEN items.outcome = 'restored' THEN items.decided_at ELSE d.at END
FROM decisions d, requests r
WHERE r.id = items.request_id AND d.id = (
        SELECT MAX(done.id) FROM decisions done
        WHERE done.item_id = items.id
            AND done.outcome IN ('removed', 'access_disabled', 'geo_blocked', 'account_suspended', 'restricted', 'modified')
    )
    AND (items.outcome = 'restored' OR items.outcome LIKE 'declined%')
    AND (items.restore = 1 OR r.restoration IS NOT NULL)
    AND items.decided_at >= COALESCE(items.withdrawn_at, r.withdrawn_at);

-- How many items were taken back by themselves: lists have no items to count.
ALTER TABLE requests ADD COLUMN taken_back_count INTEGER NOT NULL DEFAULT 0;
UPDATE requests SET taken_back_count = (
    SELECT COUNT(*) FROM items i WHERE i.request_id = requests.id AND i.withdrawn_at IS NOT NULL
) WHERE version > 1;
UPDATE requests SET undecided_count = 0 WHERE status = 'withdrawn';

-- Every fact that was put right, by its place in the request; the request itself carries the newest ones only.
CREATE TABLE revisions (
    request_id TEXT NOT NULL REFERENCES requests (id),
    position INTEGER NOT NULL,
    fact TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (request_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO revisions (request_id, position, fact, data)
SELECT r.id, f.key + 1, json_extract(f.value, '$.fact'), f.value
FROM requests r, json_each(r.revisions, '$.facts') f
WHERE r.revisions IS NOT NULL;
UPDATE requests SET revisions = json_set(revisions,
    '$.kept', json_array_length(revisions, '$.facts'),
    '$.attributed', (SELECT COUNT(*) FROM revisions v WHERE v.request_id = requests.id AND v.fact = 'attribution'),
    '$.corrected', corrections
) WHERE revisions IS NOT NULL;

-- File numbers that a request had: the same filing sent again under one of them is that request still.
CREATE TABLE former_references (
    agency_id TEXT NOT NULL,
    agency_reference TEXT NOT NULL,
    request_id TEXT NOT NULL REFERENCES requests (id),
    PRIMARY KEY (agency_id, agency_reference, request_id)
) STRICT, WITHOUT ROWID;
INSERT INTO former_references (agency_id, agency_reference, request_id)
SELECT DISTINCT r.agency_id, json_extract(v.data, '$.was'), r.id
FROM revisions v JOIN requests r ON r.id = v.request_id
WHERE v.fact = 'agency_reference' AND json_extract(v.data, '$.was') IS NOT NULL;

-- What waits until a suspension ends does not wait for the mail server.
ALTER TABLE outbox ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET withheld = 1 WHERE status = 'pending' AND last_error LIKE 'withheld %';
