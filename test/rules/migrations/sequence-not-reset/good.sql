CREATE TABLE roles (id serial PRIMARY KEY, name text);
INSERT INTO roles (id, name) VALUES (1, 'admin'), (2, 'member');
SELECT setval('roles_id_seq', 2);
-- file: db/migrations/0003_languages.sql
CREATE TABLE languages (id serial PRIMARY KEY, code text);
INSERT INTO languages (id, code) VALUES (0, 'und');
INSERT INTO languages (code) VALUES ('de'), ('en');
CREATE TABLE countries (id int PRIMARY KEY, code text);
INSERT INTO countries (id, code) VALUES (1, 'de');
-- file: base/db/migrations/0001_users.sql
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
