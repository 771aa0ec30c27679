CREATE TABLE bookings (id bigint PRIMARY KEY, room_id int, during tstzrange);
ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (room_id WITH =, during WITH &&);
