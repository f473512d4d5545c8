DROP TABLE prior_notices;
DROP TABLE final_orders;
DROP TABLE copies;
DROP INDEX requests_orders;
ALTER TABLE requests DROP COLUMN oversight;
DROP INDEX agencies_scrutinise;
ALTER TABLE agencies DROP COLUMN scrutinises;
