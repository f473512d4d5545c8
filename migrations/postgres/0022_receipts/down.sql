ALTER TABLE agencies DROP COLUMN signature_required;
DROP TABLE receipts;
