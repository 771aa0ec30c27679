ALTER TABLE subscriptions ADD COLUMN last_successful_payment_attempt_confirmed_by_provider_timestamp_utc timestamptz; -- want `The name of column .last_successful_payment_attempt_confirmed_by_provider_timestamp_utc. is longer than 63 bytes: Postgres makes it .last_successful_payment_attempt_confirmed_by_provider_timestamp., and whatever looks it up`
-- file: db/migrations/0003_index.sql
CREATE INDEX CONCURRENTLY IF NOT EXISTS subscriptions_customer_id_product_id_price_id_started_at_state_index ON subscriptions (state); -- want `The name of index .* Postgres makes it .subscriptions_customer_id_product_id_price_id_started_at_state_., a name that is taken already: the statement does nothing, without a word`
-- file: base/db/migrations/0001_all.sql
CREATE TABLE subscriptions (id bigint PRIMARY KEY, customer_id bigint, state text);
CREATE INDEX subscriptions_customer_id_product_id_price_id_started_at_state_idx ON subscriptions (customer_id);
