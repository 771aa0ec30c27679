import type { SchemaStep } from './schema-step.js';

/** What the model cost, the keys that sign our markers, and a cache that may be emptied at any time. */
export const usageKeysAndCache: SchemaStep = {
  number: 3,
  name: 'usage-keys-and-cache',
  up: `
    CREATE TABLE belay.model_usage (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT now(),
      month text NOT NULL,
      repo text NOT NULL,
      pull integer,
      question text NOT NULL,
      model text NOT NULL,
      calls integer NOT NULL,
      input_tokens bigint NOT NULL,
      output_tokens bigint NOT NULL,
      cache_read_tokens bigint NOT NULL,
      cache_write_tokens bigint NOT NULL,
      dollars numeric(14, 6) NOT NULL
    );
    CREATE INDEX model_usage_month ON belay.model_usage (month, repo);
    CREATE INDEX model_usage_pull ON belay.model_usage (repo, pull);

    CREATE TABLE belay.signing_keys (
      id text PRIMARY KEY,
      secret bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE belay.cache (
      key text PRIMARY KEY,
      content bytea NOT NULL,
      bytes integer NOT NULL,
      used_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX cache_used ON belay.cache (used_at);
  `,
  down: `
    DROP TABLE belay.cache;
    DROP TABLE belay.signing_keys;
    DROP TABLE belay.model_usage;
  `,
};
