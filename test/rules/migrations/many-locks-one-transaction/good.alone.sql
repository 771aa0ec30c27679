-- path: db/migrations/20240102000000_tenant.sql
-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE accounts ADD COLUMN IF NOT EXISTS tenant_id bigint;
ALTER TABLE badges ADD COLUMN IF NOT EXISTS tenant_id bigint;
ALTER TABLE cards ADD COLUMN IF NOT EXISTS tenant_id bigint;
ALTER TABLE depots ADD COLUMN IF NOT EXISTS tenant_id bigint;
ALTER TABLE events ADD COLUMN IF NOT EXISTS tenant_id bigint;
ALTER TABLE folders ADD COLUMN IF NOT EXISTS tenant_id bigint;
ALTER TABLE groups ADD COLUMN IF NOT EXISTS tenant_id bigint;
ALTER TABLE hooks ADD COLUMN IF NOT EXISTS tenant_id bigint;
ALTER TABLE invites ADD COLUMN IF NOT EXISTS tenant_id bigint;
ALTER TABLE jobs ADD COLUMN IF NOT EXISTS tenant_id bigint;
-- +goose Down
-- file: base/db/migrations/20240101000000_init.sql
-- +goose Up
CREATE TABLE accounts (id bigint PRIMARY KEY);
CREATE TABLE badges (id bigint PRIMARY KEY);
CREATE TABLE cards (id bigint PRIMARY KEY);
CREATE TABLE depots (id bigint PRIMARY KEY);
CREATE TABLE events (id bigint PRIMARY KEY);
CREATE TABLE folders (id bigint PRIMARY KEY);
CREATE TABLE groups (id bigint PRIMARY KEY);
CREATE TABLE hooks (id bigint PRIMARY KEY);
CREATE TABLE invites (id bigint PRIMARY KEY);
CREATE TABLE jobs (id bigint PRIMARY KEY);
-- +goose Down
