-- path: db/migration/V1__users.sql
-- A comment is enough. -- want `.1. is merged already and says something else now \(line 2\): Flyway compares checksums and stops on every database that has run it \(“Migration checksum mismatch”\)`
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: base/db/migration/V1__users.sql

CREATE TABLE users (id bigint PRIMARY KEY);
