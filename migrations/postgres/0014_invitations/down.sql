DROP INDEX operation_agencies_check_code;
ALTER TABLE operation_agencies DROP COLUMN check_code;
