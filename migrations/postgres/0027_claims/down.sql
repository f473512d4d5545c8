DROP TABLE claim_looks;
DROP TABLE claims;
