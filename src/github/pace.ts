/** Waits until the next write of this kind may go out. */
export type Pace = (key: string, signal: AbortSignal) => Promise<void>;

/** A pause that ends early, with the signal's reason, when it is aborted. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/**
 * Spaces writes with the same key by so many milliseconds, in the order in which they were asked for. The host limits
 * what creates content (80 a minute); 0 switches it off.
 */
export function createPace(milliseconds: number, sleep: Sleep, now: () => number): Pace {
  const next = new Map<string, number>();
  return async (key, signal) => {
    if (milliseconds <= 0) return;
    const at = Math.max(now(), next.get(key) ?? 0);
    if (next.size > 10_000) next.clear();
    next.set(key, at + milliseconds);
    if (at > now()) await sleep(at - now(), signal);
  };
}

/** `setTimeout` as a promise. The timer does not keep the process alive by itself when aborted. */
export const pause: Sleep = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
