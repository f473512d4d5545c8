-- Keeping what was removed, as a duty with a state and a time of its own. `preservation` is the core's type as JSON; the
-- other columns follow from it: `preservation_due` is when the time next brings something.
ALTER TABLE requests ADD COLUMN preservation TEXT;
ALTER TABLE requests ADD COLUMN preservation_status TEXT;
ALTER TABLE requests ADD COLUMN preservation_until BIGINT;
ALTER TABLE requests ADD COLUMN preservation_due BIGINT;

-- What was filed so far was a date and no more: it is asked since the filing.
UPDATE requests SET
    preservation = json_build_object(
        'basis', 'filing',
        'until', filing::jsonb #>> '{preservation,until}',
        'by_law_until', NULL,
        'set_at', to_char(to_timestamp(filed_at / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    )::text,
    preservation_status = 'asked',
    preservation_until = (extract(epoch FROM (filing::jsonb #>> '{preservation,until}')::timestamptz) * 1000)::bigint,
    preservation_due = (extract(epoch FROM (filing::jsonb #>> '{preservation,until}')::timestamptz) * 1000)::bigint - 1209600000
WHERE filing::jsonb #>> '{preservation,until}' IS NOT NULL;

-- The list of what is kept is short beside all requests, and so is what the time brings next.
CREATE INDEX requests_preservation ON requests (preservation_status, id) WHERE preservation_status IS NOT NULL;
CREATE INDEX requests_preservation_due ON requests (preservation_due) WHERE preservation_due IS NOT NULL;
