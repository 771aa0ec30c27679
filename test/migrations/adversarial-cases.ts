/** A migration that is easily judged wrongly, and what a real server does for each of its statements. */
export interface AdversarialCase {
  readonly name: string;
  /** What ran before; the tables have been in use since. */
  readonly history: string;
  readonly migration: string;
  /** The class of each statement. */
  readonly classes: readonly ('heavy' | 'brief' | 'safe' | 'error')[];
  /** Whether the file runs in one transaction; without it each statement runs by itself. */
  readonly alone?: boolean;
}

const USERS = 'CREATE TABLE users (id bigint PRIMARY KEY, email text, name varchar(50), org_id bigint, balance numeric(10,2), created_at timestamp);';
const ORGS = 'CREATE TABLE orgs (id bigint PRIMARY KEY, title text);';
const MIXED = 'CREATE TABLE "Users" (id bigint PRIMARY KEY, "Email" text);';

export const ADVERSARIAL: readonly AdversarialCase[] = [
  { name: 'a DO block hides a lock', history: USERS, migration: 'DO $$ BEGIN ALTER TABLE users ALTER COLUMN email SET NOT NULL; END $$;', classes: ['heavy'] },
  { name: 'a DO block under a condition', history: USERS, migration: "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'c') THEN ALTER TABLE users ADD CONSTRAINT c CHECK (balance > 0); END IF; END $$;", classes: ['heavy'] },
  { name: 'a DO block with constant EXECUTE', history: USERS, migration: "DO $$ BEGIN EXECUTE 'CREATE INDEX users_email ON users (email)'; END $$;", classes: ['heavy'] },
  { name: 'a DO block with EXECUTE format of constants', history: USERS, migration: "DO $do$ BEGIN EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET NOT NULL', 'users', 'email'); END $do$;", classes: ['heavy'] },
  { name: 'a DO block that only swallows a duplicate type', history: USERS, migration: "DO $$ BEGIN CREATE TYPE mood AS ENUM ('ok'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;", classes: ['safe'] },
  { name: 'a DO block that adds a foreign key', history: `${USERS}\n${ORGS}`, migration: 'DO $$ BEGIN ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (org_id) REFERENCES orgs (id); EXCEPTION WHEN duplicate_object THEN NULL; END $$;', classes: ['heavy'] },
  { name: 'quoted names are other tables', history: `${USERS}\n${MIXED}`, migration: 'ALTER TABLE "Users" ALTER COLUMN "Email" SET NOT NULL;', classes: ['heavy'] },
  { name: 'a new quoted table does not exempt the unquoted one', history: USERS, migration: 'CREATE TABLE "Users" (id bigint, email text);\nCREATE INDEX ON "Users" (email);\nCREATE INDEX ON users (email);', classes: ['safe', 'safe', 'heavy'] },
  { name: 'unquoted names are folded', history: USERS, migration: 'CREATE INDEX ON USERS (Email);', classes: ['heavy'] },
  { name: 'a new table in another schema does not exempt the old one', history: USERS, migration: 'CREATE SCHEMA s9;\nCREATE TABLE s9.users (id bigint, email text);\nCREATE INDEX ON s9.users (email);\nCREATE INDEX ON public.users (email);', classes: ['safe', 'safe', 'safe', 'heavy'] },
  { name: 'the search path decides which table is meant', history: `CREATE SCHEMA app;\n${USERS}\nCREATE TABLE app.users (id bigint, email text NOT NULL);`, migration: 'SET search_path TO app, public;\nALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE public.users ALTER COLUMN email SET NOT NULL;', classes: ['safe', 'brief', 'heavy'] },
  { name: 'IF NOT EXISTS of an existing table makes nothing new', history: USERS, migration: 'CREATE TABLE IF NOT EXISTS users (id bigint);\nCREATE INDEX ON users (email);', classes: ['safe', 'heavy'] },
  { name: 'IF NOT EXISTS of an existing index builds nothing', history: `${USERS}\nCREATE INDEX users_email ON users (email);`, migration: 'CREATE INDEX IF NOT EXISTS users_email ON users (email);', classes: ['brief'] },
  { name: 'ADD COLUMN IF NOT EXISTS of an existing column rewrites nothing', history: USERS, migration: 'ALTER TABLE users ADD COLUMN IF NOT EXISTS email text DEFAULT random()::text;', classes: ['brief'] },
  { name: 'a VALIDATE of another constraint proves nothing', history: `${USERS}\nALTER TABLE users ADD CONSTRAINT positive CHECK (balance >= 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT positive;`, migration: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;', classes: ['heavy'] },
  { name: 'a validated check of this column proves it', history: `${USERS}\nALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT c;`, migration: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;', classes: ['brief'] },
  { name: 'a check that was never validated proves nothing', history: `${USERS}\nALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID;`, migration: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;', classes: ['heavy'] },
  { name: 'a check that says more proves it too', history: `${USERS}\nALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL AND balance > 0);`, migration: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;', classes: ['brief'] },
  { name: 'a primary key column is not null already', history: USERS, migration: 'ALTER TABLE users ALTER COLUMN id SET NOT NULL;', classes: ['brief'] },
  { name: 'inline unique among several subcommands', history: USERS, migration: 'ALTER TABLE users\n  ADD COLUMN note text,\n  ADD COLUMN code text UNIQUE;', classes: ['heavy'] },
  { name: 'inline check on a new column', history: USERS, migration: 'ALTER TABLE users ADD COLUMN age int CHECK (age > 0);', classes: ['heavy'] },
  { name: 'inline foreign key on a new column without default', history: `${USERS}\n${ORGS}`, migration: 'ALTER TABLE users ADD COLUMN other bigint REFERENCES orgs;', classes: ['brief'] },
  { name: 'one harmless and one heavy subcommand', history: USERS, migration: 'ALTER TABLE users ALTER COLUMN email SET DEFAULT \'\', ALTER COLUMN name TYPE varchar(20);', classes: ['heavy'] },
  { name: 'now() is not volatile', history: USERS, migration: 'ALTER TABLE users ADD COLUMN seen timestamptz NOT NULL DEFAULT now();', classes: ['brief'] },
  { name: 'pg_catalog.now() is not volatile either', history: USERS, migration: 'ALTER TABLE users ADD COLUMN seen timestamptz NOT NULL DEFAULT pg_catalog.now();', classes: ['brief'] },
  { name: 'clock_timestamp() is', history: USERS, migration: 'ALTER TABLE users ADD COLUMN seen timestamptz DEFAULT clock_timestamp();', classes: ['heavy'] },
  { name: 'gen_random_uuid() inside another call is', history: USERS, migration: "ALTER TABLE users ADD COLUMN token text DEFAULT replace(gen_random_uuid()::text, '-', '');", classes: ['heavy'] },
  { name: 'bigserial is a rewrite', history: USERS, migration: 'ALTER TABLE users ADD COLUMN serial bigserial;', classes: ['heavy'] },
  { name: 'widening varchar is free', history: USERS, migration: 'ALTER TABLE users ALTER COLUMN name TYPE varchar(200);', classes: ['brief'] },
  { name: 'varchar to text is free', history: USERS, migration: 'ALTER TABLE users ALTER COLUMN name TYPE text;', classes: ['brief'] },
  { name: 'numeric with another scale is a rewrite', history: USERS, migration: 'ALTER TABLE users ALTER COLUMN balance TYPE numeric(12,4);', classes: ['heavy'] },
  { name: 'timestamp to timestamptz under UTC with an index rebuilds it', history: `${USERS}\nCREATE INDEX ON users (created_at);`, migration: "SET timezone TO 'UTC';\nALTER TABLE users ALTER COLUMN created_at TYPE timestamptz;", classes: ['safe', 'heavy'] },
  { name: 'a column of a constrained domain', history: `${USERS}\nCREATE DOMAIN positive AS int CHECK (VALUE > 0);`, migration: 'ALTER TABLE users ADD COLUMN points positive DEFAULT 1;', classes: ['heavy'] },
  { name: 'a column of an unconstrained domain', history: `${USERS}\nCREATE DOMAIN label AS text;`, migration: "ALTER TABLE users ADD COLUMN tag label DEFAULT 'x';", classes: ['brief'] },
  { name: 'unique using an index is brief', history: `${USERS}\nCREATE UNIQUE INDEX users_email ON users (email);`, migration: 'ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email;', classes: ['brief'] },
  { name: 'a primary key using an index on a nullable column scans', history: 'CREATE TABLE t (id bigint, v int);\nCREATE UNIQUE INDEX t_id ON t (id);', migration: 'ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_id;', classes: ['heavy'] },
  { name: 'NOT VALID and VALIDATE in one transaction', history: `${USERS}\n${ORGS}`, migration: 'ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (org_id) REFERENCES orgs (id) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT fk;', classes: ['brief', 'heavy'] },
  { name: 'NOT VALID and VALIDATE each by itself', history: `${USERS}\n${ORGS}`, migration: 'ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (org_id) REFERENCES orgs (id) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT fk;', classes: ['brief', 'safe'], alone: true },
  { name: 'an update while ACCESS EXCLUSIVE is held', history: USERS, migration: "ALTER TABLE users ADD COLUMN note text;\nUPDATE users SET note = '';", classes: ['brief', 'heavy'] },
  { name: 'the same update in a transaction of its own', history: USERS, migration: "ALTER TABLE users ADD COLUMN note text;\nUPDATE users SET note = '';", classes: ['brief', 'safe'], alone: true },
  { name: 'a table that was renamed is the same table', history: USERS, migration: 'ALTER TABLE users RENAME TO members;\nALTER TABLE members ALTER COLUMN email SET NOT NULL;', classes: ['brief', 'heavy'] },
  { name: 'everything on a table of this very migration', history: ORGS, migration: 'CREATE TABLE fresh (id bigint, v text);\nINSERT INTO fresh SELECT id, title FROM orgs;\nALTER TABLE fresh ALTER COLUMN v SET NOT NULL, ADD PRIMARY KEY (id);\nCREATE INDEX ON fresh (v);', classes: ['safe', 'safe', 'safe', 'safe'] },
  { name: 'a new table that references a busy one', history: USERS, migration: 'CREATE TABLE notes (id bigint, user_id bigint REFERENCES users (id));', classes: ['brief'] },
  { name: 'dropping a child locks its parent', history: `${USERS}\nCREATE TABLE notes (user_id bigint REFERENCES users (id));`, migration: 'DROP TABLE notes;', classes: ['brief'] },
  { name: 'a materialized view has no writers, but its readers wait', history: `${USERS}\nCREATE MATERIALIZED VIEW totals AS SELECT org_id, sum(balance) FROM users GROUP BY 1;`, migration: 'REFRESH MATERIALIZED VIEW totals;', classes: ['heavy'] },
  { name: 'an index on a partitioned table builds one on every partition', history: "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');", migration: 'CREATE INDEX ON events (at);', classes: ['heavy'] },
  { name: 'only the partitioned parent', history: "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\nCREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');", migration: 'CREATE INDEX ON ONLY events (at);', classes: ['brief'] },
  { name: 'CONCURRENTLY inside BEGIN is refused', history: USERS, migration: 'BEGIN;\nCREATE INDEX CONCURRENTLY ON users (email);\nCOMMIT;', classes: ['safe', 'error', 'safe'], alone: true },
  { name: 'comments and strings hold no statements', history: USERS, migration: "-- ALTER TABLE users ALTER COLUMN email SET NOT NULL;\n/* DROP TABLE users; */\nCOMMENT ON TABLE users IS 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;';", classes: ['safe'] },
  { name: 'columns of VALUES in FROM are not the table’s', history: USERS, migration: "UPDATE users SET name = v.label FROM (VALUES (1, 'x')) AS v (key, label) WHERE users.id = v.key;", classes: ['safe'], alone: true },
  { name: 'a function body does not run', history: USERS, migration: 'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE users ALTER COLUMN email SET NOT NULL; END $$;', classes: ['safe'] },
];
