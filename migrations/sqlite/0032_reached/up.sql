-- From when on the last reminder was due that an agency's verification ends; NULL: none was sent.
ALTER TABLE agencies ADD COLUMN verification_reminded INTEGER;

-- Who had an answer link made: `mail`, one about the request; the `agency`; or the `recipient`, who had one before.
ALTER TABLE answer_links ADD COLUMN made_by TEXT NOT NULL DEFAULT 'mail';

-- How an agency wants its mails, as JSON; NULL: each at once.
ALTER TABLE agencies ADD COLUMN notification TEXT;
