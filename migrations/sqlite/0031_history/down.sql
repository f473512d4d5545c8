DROP INDEX items_host;
