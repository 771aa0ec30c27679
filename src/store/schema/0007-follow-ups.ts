import type { SchemaStep } from './schema-step.js';

/** Follow-up issues of merged hotfixes, so that a later merge finds those that wait for it without asking the host. */
export const followUps: SchemaStep = {
  number: 7,
  name: 'follow-ups',
  up: `
    CREATE TABLE belay.follow_ups (
      repo text NOT NULL,
      pull integer NOT NULL,
      issue bigint NOT NULL,
      merged_sha text NOT NULL,
      paths jsonb NOT NULL,
      open boolean NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (repo, pull)
    );
  `,
  down: 'DROP TABLE belay.follow_ups;',
};
