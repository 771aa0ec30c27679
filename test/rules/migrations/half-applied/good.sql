-- path: migrations/00002_nick.sql
-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY users_nick ON users (nick);
-- +goose Down
DROP INDEX CONCURRENTLY users_nick;
-- file: migrations/00003_more.sql
-- +goose NO TRANSACTION
-- +goose Up
DROP INDEX CONCURRENTLY IF EXISTS users_mail;
CREATE INDEX CONCURRENTLY users_mail ON users (mail);
CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
-- +goose Down
DROP INDEX CONCURRENTLY users_mail;
-- file: migrations/00004_teams.sql
-- +goose NO TRANSACTION
-- +goose Up
BEGIN;
CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE members (id bigint PRIMARY KEY);
COMMIT;
-- +goose Down
DROP TABLE members;
DROP TABLE teams;
-- file: base/migrations/00001_init.sql
-- +goose Up
CREATE TABLE users (id bigint PRIMARY KEY, nick text, mail text);
-- +goose Down
DROP TABLE users;
