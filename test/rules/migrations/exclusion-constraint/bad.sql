ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (room_id WITH =, during WITH &&); -- want `Exclusion constraint .no_overlap. builds an index over all of .bookings. while it holds an ACCESS EXCLUSIVE lock`
-- file: base/db/migrations/0001_bookings.sql
CREATE TABLE bookings (id bigint PRIMARY KEY, room_id int, during tstzrange);
