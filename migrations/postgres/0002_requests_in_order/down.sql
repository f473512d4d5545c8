DROP INDEX requests_to_platform;
DROP INDEX requests_of_agency;
