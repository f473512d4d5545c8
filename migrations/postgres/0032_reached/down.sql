ALTER TABLE agencies DROP COLUMN verification_reminded;
