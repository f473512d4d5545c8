DROP INDEX history_registry;
DROP INDEX clients_platform;
DROP TABLE claim_looks;
DROP TABLE claims;
