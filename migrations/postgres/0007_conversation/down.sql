DROP TABLE saved_texts;
DROP TABLE internal_notes;
DROP TABLE documents;
ALTER TABLE messages DROP COLUMN document_digest;
ALTER TABLE messages DROP COLUMN document_bytes;
ALTER TABLE messages DROP COLUMN document_name;
ALTER TABLE messages DROP COLUMN in_reply_to;
