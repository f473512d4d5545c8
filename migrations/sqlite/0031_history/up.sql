-- By which an export finds what lies on a host, in the order of the requests: the only index on hosts, paid for once by each item.
CREATE INDEX items_host ON items (host, request_id, position) WHERE host IS NOT NULL;
