-- path: src/main/resources/db/migration/V3__teams.sql
CREATE TABLE teams (id bigint PRIMARY KEY); -- want `.3. is older than .4., which is merged already: Flyway stops \(“Detected resolved migration not applied to database”\)`
-- file: src/main/resources/db/migration/V4_0__other.sql
ALTER TABLE users ADD COLUMN phone text; -- want `.4.0. has the same version as .4.: Flyway refuses to start|.4.0. is older`
-- file: base/src/main/resources/db/migration/V1__users.sql
CREATE TABLE users (id bigint PRIMARY KEY);
-- file: base/src/main/resources/db/migration/V4__nick.sql
ALTER TABLE users ADD COLUMN nick text;
