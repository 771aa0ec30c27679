-- path: migrations/20240102000000_shipments.sql
-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY shipments_state_sent_idx ON logistics.shipments (state, sent_at);
DROP INDEX logistics.shipments_state_idx; -- want `.shipments_state_idx.`
-- +goose Down
DROP INDEX logistics.shipments_state_sent_idx;
-- file: base/migrations/20240101000000_shipments.sql
-- +goose Up
CREATE SCHEMA logistics;
CREATE TABLE logistics.shipments (id bigint PRIMARY KEY, state text, sent_at timestamptz);
CREATE INDEX shipments_state_idx ON logistics.shipments (state);
-- +goose Down
DROP SCHEMA logistics CASCADE;
