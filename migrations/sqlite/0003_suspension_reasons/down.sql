ALTER TABLE clients DROP COLUMN suspension_reason;
ALTER TABLE platforms DROP COLUMN suspension_reason;
ALTER TABLE agencies DROP COLUMN suspension_reason;
