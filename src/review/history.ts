import type { HostPull } from '../core/host.js';
import type { History, MergedRange } from '../core/history.js';
import type { Workplace } from './workplace.js';

/** The merged history around a pull request, as the host shows it. */
export function historyOf({ host, limits, signal }: Pick<Workplace, 'host' | 'limits' | 'signal'>, pull: HostPull): History {
  const merged = async (sha: string): Promise<MergedRange | null> => {
    const onBase = await host.mergedParent(sha, pull.baseSha);
    // What was picked onto a release branch names the commit of the default branch.
    if (onBase !== null || pull.baseBranch === pull.defaultBranch) return onBase;
    return host.mergedParent(sha, (await host.defaultBranch()).sha);
  };
  return {
    merged,
    mergedPull: async (number) => {
      const shown = await host.mergedPull(number);
      const range = shown === null ? null : await merged(shown.sha);
      if (shown === null || range === null) return [];
      return shown.beforeAll === null ? [range] : [range, { sha: range.sha, parentSha: shown.beforeAll }];
    },
    changes: async ({ sha, parentSha }) => host.compare(parentSha, sha, pull, limits, signal),
    tree: async (sha) => host.tree(sha),
    objects: async (fromSha, toSha) => host.objects(fromSha, toSha, signal),
  };
}
