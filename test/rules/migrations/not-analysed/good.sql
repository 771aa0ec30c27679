CREATE TABLE ledger (id bigint PRIMARY KEY, note text);
COMMENT ON TABLE ledger IS 'who moved what';
INSERT INTO ledger (id, note) VALUES (1, 'first');
