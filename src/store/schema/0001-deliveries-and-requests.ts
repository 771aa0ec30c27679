import type { SchemaStep } from './schema-step.js';

/** The inbox, and what was asked for in it. A delivery's payload is let go once it is translated; its id stays to know it again. */
export const deliveriesAndRequests: SchemaStep = {
  number: 1,
  name: 'deliveries-and-requests',
  up: `
    CREATE TABLE belay.deliveries (
      id text PRIMARY KEY,
      event text NOT NULL,
      payload bytea,
      received_at timestamptz NOT NULL DEFAULT now(),
      state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'dispatched', 'failed')),
      attempts integer NOT NULL DEFAULT 0,
      retry_at timestamptz NOT NULL DEFAULT now(),
      error text,
      finished_at timestamptz
    );
    CREATE INDEX deliveries_waiting ON belay.deliveries (received_at, id) WHERE state = 'received';
    CREATE INDEX deliveries_finished ON belay.deliveries (finished_at) WHERE state <> 'received';

    CREATE TABLE belay.requests (
      id text PRIMARY KEY,
      kind text NOT NULL CHECK (kind IN ('review', 'command')),
      key text NOT NULL,
      owner text NOT NULL,
      name text NOT NULL,
      pull integer,
      head_sha text,
      trigger text,
      delivery text NOT NULL,
      base_sha text,
      base_branch text,
      comment_id bigint,
      author text,
      author_is_bot boolean,
      body text,
      received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'dropped')),
      outcome text,
      finished_at timestamptz
    );
    CREATE INDEX requests_pending ON belay.requests (key, received_at) WHERE state = 'pending';
    CREATE INDEX requests_finished ON belay.requests (finished_at) WHERE state <> 'pending';
    -- A comment is one command, whatever the number of deliveries that speak of it.
    CREATE UNIQUE INDEX requests_comment ON belay.requests (lower(owner), lower(name), comment_id) WHERE comment_id IS NOT NULL;
  `,
  down: `
    DROP TABLE belay.requests;
    DROP TABLE belay.deliveries;
  `,
};
