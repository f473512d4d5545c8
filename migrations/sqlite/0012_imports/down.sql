DROP TABLE import_counts;
DROP TABLE imports;
