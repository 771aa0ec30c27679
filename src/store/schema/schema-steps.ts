import type { SchemaStep } from './schema-step.js';
import { deliveriesAndRequests } from './0001-deliveries-and-requests.js';
import { records } from './0002-records.js';
import { usageKeysAndCache } from './0003-usage-keys-and-cache.js';
import { work } from './0004-work.js';
import { headsOfPulls } from './0005-heads-of-pulls.js';
import { followUps } from './0007-follow-ups.js';
import { payloadsAsTheyCame } from './0006-payloads-as-they-came.js';

/** Every step, in the order in which they are applied. */
export const SCHEMA_STEPS: readonly SchemaStep[] = [deliveriesAndRequests, records, usageKeysAndCache, work, headsOfPulls, payloadsAsTheyCame, followUps];
