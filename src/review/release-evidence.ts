import type { HostPull } from '../core/host.js';
import type { ReleaseEvidence } from '../core/release-evidence.js';
import type { Workplace } from './workplace.js';

/**
 * What the host knows of people and releases, with the pushes that deliveries told of: the host's own log leaves out forks. The
 * newest delivery speaks of the last push only where it is of this very head.
 */
export async function releaseEvidence({ host, records, signal }: Pick<Workplace, 'host' | 'records' | 'signal'>, pull: HostPull): Promise<ReleaseEvidence> {
  const shown = await host.release(pull, signal);
  const seen = await records.lastPush(host.repo, pull.number);
  const noted = seen?.headSha === pull.headSha ? seen : null;
  return {
    ...shown,
    pushers: new Set([...shown.pushers, ...(await records.pushers(host.repo, pull.number))]),
    lastPush: { by: shown.lastPush.by ?? noted?.login ?? null, at: shown.lastPush.at ?? noted?.at ?? null },
  };
}
