import type { Log, Store } from '../core/store.js';

/** How long things are kept, in days, and how large the cache may become. */
export interface Retention {
  /** Ids of translated deliveries. The host delivers again for 3 days at most. */
  readonly deliveries: number;
  readonly failedDeliveries: number;
  readonly finishedRequests: number;
  /** A request nobody could fulfil for so long is given up. */
  readonly pendingRequests: number;
  /** Decisions about a pull request; they protect open ones, so this is long. */
  readonly decisions: number;
  readonly usage: number;
  readonly cacheBytes: number;
}

export const DEFAULT_RETENTION: Retention = {
  deliveries: 8,
  failedDeliveries: 30,
  finishedRequests: 30,
  pendingRequests: 14,
  decisions: 730,
  usage: 400,
  cacheBytes: 256_000_000,
};

/** Drops what is older than its time, and the least recently used of the cache. Call it about once an hour. */
export async function prune(store: Store, log: Log, retention: Retention = DEFAULT_RETENTION): Promise<void> {
  const dropped: Record<string, number> = {};
  for (const [name, statement, limit] of statements(retention)) {
    const rows = await store.query(statement, [limit]);
    if (rows.length > 0) dropped[name] = rows.length;
  }
  // The embedded engine has no autovacuum of its own.
  if (store.kind === 'embedded') await store.exec('VACUUM (ANALYZE)');
  if (Object.keys(dropped).length > 0) log.info({ dropped }, 'old records dropped');
}

function statements(retention: Retention): readonly (readonly [name: string, statement: string, limit: number])[] {
  const older = (column: string) => `${column} < now() - $1 * interval '1 day'`;
  return [
    ['deliveries', `DELETE FROM belay.deliveries WHERE state = 'dispatched' AND ${older('finished_at')} RETURNING 1`, retention.deliveries],
    ['failedDeliveries', `DELETE FROM belay.deliveries WHERE state = 'failed' AND ${older('finished_at')} RETURNING 1`, retention.failedDeliveries],
    ['finishedRequests', `DELETE FROM belay.requests WHERE state <> 'pending' AND ${older('finished_at')} RETURNING 1`, retention.finishedRequests],
    [
      'pendingRequests',
      `UPDATE belay.requests SET state = 'dropped', outcome = 'given up: too old', finished_at = now() WHERE state = 'pending' AND ${older('received_at')} RETURNING 1`,
      retention.pendingRequests,
    ],
    ...['dismissals', 'acceptances', 'overrides', 'pauses', 'pushers', 'follow_ups'].map(
      (table) => [table, `DELETE FROM belay.${table} WHERE ${older('at')} RETURNING 1`, retention.decisions] as const,
    ),
    ['usage', `DELETE FROM belay.model_usage WHERE ${older('at')} RETURNING 1`, retention.usage],
    [
      'cache',
      `DELETE FROM belay.cache WHERE key IN (
         SELECT key FROM (SELECT key, sum(bytes) OVER (ORDER BY used_at DESC, key) AS total FROM belay.cache) AS newest WHERE total > $1
       ) RETURNING 1`,
      retention.cacheBytes,
    ],
  ];
}
