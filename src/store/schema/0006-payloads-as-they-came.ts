import type { SchemaStep } from './schema-step.js';

/**
 * Payloads are kept as they came. Compressing them cost more than everything else in taking in a delivery, for text that is let go
 * once it is translated. Only new rows are stored so; nothing is rewritten, and no lock is held for longer than a moment.
 */
export const payloadsAsTheyCame: SchemaStep = {
  number: 6,
  name: 'payloads-as-they-came',
  up: 'ALTER TABLE belay.deliveries ALTER COLUMN payload SET STORAGE EXTERNAL;',
  down: 'ALTER TABLE belay.deliveries ALTER COLUMN payload SET STORAGE EXTENDED;',
};
