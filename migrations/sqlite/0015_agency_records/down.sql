DROP TABLE agency_records;
