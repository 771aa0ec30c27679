import type { SchemaStep } from './schema-step.js';

/**
 * What the queue knows. A row of `work` means: there is something to do on this key, or somebody is doing it. `wanted`
 * counts how often it was asked for, `claimed` is its value when work began: if they differ at the end, it is done again.
 */
export const work: SchemaStep = {
  number: 4,
  name: 'work',
  up: `
    CREATE TABLE belay.work (
      key text PRIMARY KEY,
      account text NOT NULL,
      priority integer NOT NULL DEFAULT 0,
      wanted bigint NOT NULL DEFAULT 1,
      claimed bigint NOT NULL DEFAULT 0,
      wanted_at timestamptz NOT NULL DEFAULT now(),
      not_before timestamptz NOT NULL DEFAULT now(),
      attempts integer NOT NULL DEFAULT 0,
      crashes integer NOT NULL DEFAULT 0,
      owner text,
      lease_until timestamptz,
      sent_at timestamptz,
      parked_at timestamptz,
      error text
    );
    CREATE INDEX work_due ON belay.work (not_before) WHERE owner IS NULL AND parked_at IS NULL;
    CREATE INDEX work_leases ON belay.work (lease_until) WHERE owner IS NOT NULL;

    -- scope is 'global' or 'account:<login>'.
    CREATE TABLE belay.holds (
      scope text PRIMARY KEY,
      until timestamptz NOT NULL,
      strikes integer NOT NULL,
      reason text NOT NULL
    );

    CREATE TABLE belay.timetable (
      name text PRIMARY KEY,
      next_at timestamptz NOT NULL DEFAULT now(),
      owner text,
      lease_until timestamptz
    );
  `,
  down: `
    DROP TABLE belay.timetable;
    DROP TABLE belay.holds;
    DROP TABLE belay.work;
  `,
};
