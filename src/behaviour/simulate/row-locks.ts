import type { Row } from './world.js';

/** The sessions whose locks keep this one from taking its own; empty when nothing does. */
export function holdersAgainst(row: Row, session: number, lock: 'share' | 'update'): readonly number[] {
  const exclusive = row.exclusive !== null && row.exclusive !== session ? [row.exclusive] : [];
  const shared = lock === 'update' ? row.shared.filter((one) => one !== session) : [];
  return [...exclusive, ...shared];
}

export function take(row: Row, session: number, lock: 'share' | 'update'): void {
  if (lock === 'update') row.exclusive = session;
  else if (!row.shared.includes(session)) row.shared = [...row.shared, session];
}
