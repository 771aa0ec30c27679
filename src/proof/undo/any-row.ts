import type { Step } from '../../migrations/step.js';
import type { Refusal } from '../engine.js';

const WRITES: ReadonlySet<Step['kind']> = new Set(['insert', 'update', 'merge', 'copy', 'do-block', 'call', 'select', 'raw', 'opaque']);

/**
 * Whether a statement that was refused on seeded rows would be refused on any: a column that the direction itself adds has no
 * value in them, or the same one in all of them. What else breaks a constraint or a cast is up to the values, and ours are made up.
 * `before` are the steps of the direction that ran before it.
 */
export function isRefusedOnAnyRow(before: readonly Step[], failed: readonly Step[], { code, message }: Refusal): boolean {
  if (failed.some(({ kind, block }) => block !== undefined || WRITES.has(kind)) || before.some(({ kind }) => WRITES.has(kind))) return false;
  const added = [...before, ...failed].flatMap((step) => (step.kind === 'add-column' ? [step.column.name] : []));
  if (code === '23502') return [...message.matchAll(/column "([^"]+)"/g)].some(([, name = '']) => added.includes(name));
  return (code === '23503' || code === '23505') && failed.every((step) => step.kind === 'add-column' && step.column.default !== null);
}
