import type { SchemaStep } from './schema-step.js';

/** What people decided about a pull request. `repo` is `owner/name` in lower case everywhere. */
export const records: SchemaStep = {
  number: 2,
  name: 'records',
  up: `
    CREATE TABLE belay.dismissals (
      repo text NOT NULL,
      pull integer NOT NULL,
      fingerprint text NOT NULL,
      by_login text NOT NULL,
      reason text NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (repo, pull, fingerprint)
    );
    CREATE TABLE belay.acceptances (
      repo text NOT NULL,
      pull integer NOT NULL,
      head_sha text NOT NULL,
      rule_id text NOT NULL,
      by_login text NOT NULL,
      reason text NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (repo, pull, head_sha, rule_id, by_login)
    );
    CREATE TABLE belay.overrides (
      repo text NOT NULL,
      pull integer NOT NULL,
      head_sha text NOT NULL,
      by_login text NOT NULL,
      reason text NOT NULL,
      at timestamptz NOT NULL,
      PRIMARY KEY (repo, pull, head_sha)
    );
    CREATE TABLE belay.pauses (
      repo text NOT NULL,
      pull integer NOT NULL,
      by_login text NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (repo, pull)
    );
    CREATE TABLE belay.pushers (
      repo text NOT NULL,
      pull integer NOT NULL,
      login text NOT NULL,
      head_sha text NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (repo, pull, login, head_sha)
    );
    CREATE TABLE belay.valid_configs (
      repo text NOT NULL,
      branch text NOT NULL,
      content text NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (repo, branch)
    );
  `,
  down: `
    DROP TABLE belay.valid_configs;
    DROP TABLE belay.pushers;
    DROP TABLE belay.pauses;
    DROP TABLE belay.overrides;
    DROP TABLE belay.acceptances;
    DROP TABLE belay.dismissals;
  `,
};
