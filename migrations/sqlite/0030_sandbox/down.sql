DROP TABLE sandbox;
