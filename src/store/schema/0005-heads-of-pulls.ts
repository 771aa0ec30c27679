import type { SchemaStep } from './schema-step.js';

/** To find the head that a pull request had when a command came in. */
export const headsOfPulls: SchemaStep = {
  number: 5,
  name: 'heads-of-pulls',
  up: `CREATE INDEX requests_heads ON belay.requests (key, received_at DESC) WHERE kind = 'review' AND head_sha IS NOT NULL;`,
  down: 'DROP INDEX belay.requests_heads;',
};
