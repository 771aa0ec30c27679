-- path: sql/migrations/20220824165300000001_token_check.postgres.up.sql
ALTER TABLE tokens ADD CONSTRAINT tokens_kind CHECK (kind > 0) NOT VALID;
-- file: sql/migrations/20220824165300000001_token_check.postgres.down.sql
-- file: sql/migrations/20220824165300000000_token_kind.postgres.up.sql
ALTER TABLE tokens ADD COLUMN kind int;
-- Takes the check of the next part along.
-- file: sql/migrations/20220824165300000000_token_kind.postgres.down.sql
ALTER TABLE tokens DROP COLUMN kind;
-- file: base/sql/migrations/20220101000000000000_tokens.postgres.up.sql
CREATE TABLE tokens (id bigint PRIMARY KEY);
-- file: base/sql/migrations/20220101000000000000_tokens.postgres.down.sql
DROP TABLE tokens;
