ALTER TABLE agencies DROP COLUMN notification;
ALTER TABLE answer_links DROP COLUMN made_by;
ALTER TABLE agencies DROP COLUMN verification_reminded;
