import type { LockMode } from '../step.js';

const STRENGTH: Readonly<Record<LockMode, number>> = {
  AccessShareLock: 1,
  RowShareLock: 2,
  RowExclusiveLock: 3,
  ShareUpdateExclusiveLock: 4,
  ShareLock: 5,
  ShareRowExclusiveLock: 6,
  ExclusiveLock: 7,
  AccessExclusiveLock: 8,
};

/** 1 (weakest) to 8, the server's own numbers. */
export function strength(mode: LockMode): number {
  return STRENGTH[mode];
}

/** Whether it keeps others from writing: SHARE or stronger. */
export function blocksWrites(mode: LockMode): boolean {
  return STRENGTH[mode] >= STRENGTH.ShareLock;
}

/** Whether it keeps others from reading: only ACCESS EXCLUSIVE does. */
export function blocksReads(mode: LockMode): boolean {
  return mode === 'AccessExclusiveLock';
}

/** Whether it is stronger than another, or than no lock at all. */
export function isStronger(one: LockMode, other: LockMode | undefined): boolean {
  return other === undefined || STRENGTH[one] > STRENGTH[other];
}

export function stronger(one: LockMode, other: LockMode | undefined): LockMode {
  return other !== undefined && STRENGTH[other] > STRENGTH[one] ? other : one;
}

/** As SQL and the manual write it: ACCESS EXCLUSIVE. */
export function lockWords(mode: LockMode): string {
  return mode.replace(/Lock$/, '').replace(/(?!^)([A-Z])/g, ' $1').toUpperCase();
}

/** What others cannot do meanwhile, in plain words. */
export function blockedWords(mode: LockMode): string {
  if (blocksReads(mode)) return 'every read and write';
  return blocksWrites(mode) ? 'every write' : 'other schema changes';
}
