-- Why a party or client is suspended, in the operator's words and for the operator alone. The history has the reasons of
-- those that are.
ALTER TABLE agencies ADD COLUMN suspension_reason TEXT;
UPDATE agencies SET suspension_reason = (
    SELECT json_extract(data, '$.data.reason') FROM history
    WHERE type = 'agency.suspended' AND json_extract(data, '$.subject.id') = agencies.id
    ORDER BY pos DESC LIMIT 1
) WHERE status = 'suspended';
ALTER TABLE platforms ADD COLUMN suspension_reason TEXT;
UPDATE platforms SET suspension_reason = (
    SELECT json_extract(data, '$.data.reason') FROM history
    WHERE type = 'platform.suspended' AND json_extract(data, '$.subject.id') = platforms.id
    ORDER BY pos DESC LIMIT 1
) WHERE suspended;
ALTER TABLE clients ADD COLUMN suspension_reason TEXT;
UPDATE clients SET suspension_reason = (
    SELECT json_extract(data, '$.data.reason') FROM history
    WHERE type = 'client.suspended' AND json_extract(data, '$.subject.id') = clients.id
    ORDER BY pos DESC LIMIT 1
) WHERE suspended;
