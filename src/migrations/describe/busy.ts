import type { TableSize } from '../../core/config.js';
import type { Catalog } from '../catalog.js';
import { tableSize } from '../describe.js';
import { blocksWrites } from '../effects/lock-mode.js';
import { isInUse } from './work.js';
import type { StepInContext } from './step-in-context.js';

/** From here on a table counts as busy where the configuration does not say so itself. */
const BUSY_ROWS = 1_000_000;
const BUSY_QUERIES = 100;

/** For the limits of rules that speak of busy tables only. */
export const BUSY_WORDS = 'a table is busy where `tables` in the configuration says `hot: true`, at least 1,000,000 rows or at least 100 queries a second';

/** Whether the configuration says that even a moment's lock on a table is felt. */
export function isBusyTable(tables: ReadonlyMap<string, TableSize>, key: string): boolean {
  const size = tableSize(tables, key);
  if (size === null || size.small === true) return size?.hot === true;
  return size.hot ?? ((size.rows ?? 0) >= BUSY_ROWS || (size.qps ?? 0) >= BUSY_QUERIES);
}

/** Whether the session set a timeout that is not zero. */
export function hasTimeout({ settings }: Catalog, setting: 'lock_timeout' | 'statement_timeout'): boolean {
  const value = settings.get(setting);
  return value !== undefined && !/^'?0+\s*(?:us|ms|s|min|h|d)?'?$/.test(value.trim());
}

/** Whether the session gives up waiting for a lock after a while: then nobody queues behind it for long. */
export function hasLockTimeout(catalog: Catalog): boolean {
  return hasTimeout(catalog, 'lock_timeout');
}

/** Busy tables whose writes wait for this step: its new locks only. None where the session's lock_timeout bounds the wait. */
export function busyTablesLocked(input: StepInContext): readonly string[] {
  if (hasLockTimeout(input.before)) return [];
  return Object.entries(input.effect.locks).flatMap(([key, mode]) => (blocksWrites(mode) && isInUse(input.before, key) && isBusyTable(input.tables, key) ? [key] : []));
}

/** What to do about a brief lock that nothing makes weaker. */
export const WAIT_BRIEFLY = 'Put `SET lock_timeout = \'3s\';` before it and try again when it gives up, so that nobody queues behind it.';

/** Why a moment's lock matters, as a sentence that follows "takes … lock on …". */
export const QUEUE_WORDS = 'it waits for every transaction that uses the table, and all that come later wait behind it';
