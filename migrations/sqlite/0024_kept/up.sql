-- With which the entries of a request commit to what is kept of its filing. Random, shown to nobody, and destroyed with the request;
-- none of those that were filed before.
ALTER TABLE requests ADD COLUMN filing_salt BLOB;
