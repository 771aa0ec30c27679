import type { TableSize } from '../../core/config.js';
import { isSmallTable } from '../describe.js';
import { blocksWrites } from '../effects/lock-mode.js';
import type { JudgedStep } from '../judge-migrations.js';
import type { Migration } from '../migration.js';
import type { LockMode, Step } from '../step.js';

/** A change of the session's lock_timeout. */
export interface TimeoutChange {
  readonly judged: JudgedStep;
  /** 0: no limit; null: back to the role's own; undefined: a value that cannot be told, such as a placeholder. */
  readonly milliseconds: number | null | undefined;
  /** Until the transaction ends. */
  readonly local: boolean;
}

/** A statement that takes a lock which others wait behind, with the timeout it waits under. */
export interface StrongLock {
  readonly judged: JudgedStep;
  readonly key: string;
  readonly mode: LockMode;
  /** The change in effect; null when there is none. */
  readonly under: TimeoutChange | null;
  /** An earlier SET LOCAL that ended with its transaction and that nothing has replaced. */
  readonly lost: TimeoutChange | null;
}

/** The timeouts of one direction of a migration. */
export interface Timeouts {
  readonly changes: readonly TimeoutChange[];
  readonly locks: readonly StrongLock[];
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** "5s", "500", "2min" in milliseconds; undefined when it is none of these. */
export function readDuration(text: string): number | undefined {
  const match = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*(us|ms|s|min|h|d)?\s*$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (UNITS[match[2] ?? 'ms'] ?? 1);
}

const SET_CONFIG = /\bset_config\s*\(\s*'(lock_timeout|statement_timeout)'\s*,\s*('[^']*'|[^,]+)\s*,\s*(\w+)/i;

function changeOf(judged: JudgedStep, setting: string): TimeoutChange | null {
  const { step } = judged;
  if (step.kind === 'set-setting') {
    if (step.setting !== setting && step.setting !== 'all') return null;
    return { judged, milliseconds: step.value === null ? null : readDuration(step.value), local: step.local };
  }
  if (step.kind !== 'select' && step.kind !== 'do-block' && step.kind !== 'opaque') return null;
  const match = SET_CONFIG.exec(step.statement.slice(0, 20_000));
  if (match === null || match[1]?.toLowerCase() !== setting) return null;
  const quoted = /^'(.*)'$/.exec(match[2]?.trim() ?? '');
  return { judged, milliseconds: quoted === null ? undefined : readDuration(quoted[1] ?? ''), local: match[3]?.toLowerCase() === 'true' };
}

function endsTransaction(step: Step): boolean {
  return step.kind === 'transaction' && step.block === undefined && (step.action === 'commit' || step.action === 'rollback');
}

/** What a step's lock on a table in use makes others wait for; null when there is none, or only on tables called small. */
function strongLockOf(judged: JudgedStep, tables: ReadonlyMap<string, TableSize>): { readonly key: string; readonly mode: LockMode } | null {
  for (const [key, mode] of Object.entries(judged.effect.locks)) {
    if (blocksWrites(mode) && judged.effect.class !== 'error' && !judged.before.sequences.has(key) && !isSmallTable(tables, key)) return { key, mode };
  }
  return null;
}

/** Follows one timeout through the steps: SET, SET LOCAL, RESET and set_config, each as far as it reaches. */
export function timeoutsOf(steps: readonly JudgedStep[], tables: ReadonlyMap<string, TableSize>, setting: 'lock_timeout' | 'statement_timeout' = 'lock_timeout'): Timeouts {
  const changes: TimeoutChange[] = [];
  const locks: StrongLock[] = [];
  let session: TimeoutChange | null = null;
  let local: TimeoutChange | null = null;
  let lost: TimeoutChange | null = null;
  for (const judged of steps) {
    if (!judged.inTransaction || endsTransaction(judged.step)) {
      lost = local ?? lost;
      local = null;
    }
    const change = changeOf(judged, setting);
    if (change !== null) {
      changes.push(change);
      if (!change.local) session = change;
      else if (judged.inTransaction) local = change;
      lost = null;
    }
    const strong = strongLockOf(judged, tables);
    if (strong !== null) locks.push({ judged, ...strong, under: local ?? session, lost });
  }
  return { changes, locks };
}

/** Whether a wait under this change ends by itself. */
export function isBounded(change: TimeoutChange | null): boolean {
  return change !== null && change.milliseconds !== 0 && change.milliseconds !== null;
}

const FOR_A_ROLE = /^\s*alter\s+(?:role|user|database|system)\b[^;]*\bset\s+(?:lock_timeout|statement_timeout)\b/i;

/** The migration that sets a timeout for a role, the database or the server; null when none does. */
export function timeoutOfRole(migrations: readonly Migration[]): Migration | null {
  return migrations.find((migration) => migration.up.some((step) => step.kind === 'raw' && FOR_A_ROLE.test(step.statement.slice(0, 2000)))) ?? null;
}
