const WORDS = new Set(['lock', 'locked', 'locks', 'locking', 'mutex', 'mutexes', 'exclusive', 'exclusively', 'semaphore', 'synchronized', 'synchronised', 'serialized', 'serially', 'atomically', 'redlock', 'locker']);

/** Whether one of the words a name is made of speaks of a lock: `runExclusive`, `redlock.using`; not `block`, `unlockAchievement`. */
export function speaksOfLocks(callee: string): boolean {
  const words = callee.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z\d]+/);
  return words.some((word) => WORDS.has(word));
}
