import type { Change } from '../core/change-set.js';
import type { Evidence } from '../core/finding.js';
import type { ReleaseEvidence } from '../core/release-evidence.js';
import type { LoadedFiles } from '../core/snapshot.js';
import type { DiffNeed } from './diff-needs.js';
import { offeredPlan } from './offered-plan.js';

/** What is known when a plan is found wanting. */
interface Known {
  readonly base: LoadedFiles;
  readonly needs: readonly DiffNeed[];
  readonly release: ReleaseEvidence;
  readonly baseSha: string;
}

/** The plan to paste, as a finding carries it. */
export function planToPaste(changes: readonly Change[], { base, needs, release, baseSha }: Known): Evidence {
  const paste = offeredPlan({ files: base, changes, needs, versions: release.versions, deployTime: release.deployTime, baseSha });
  return { kind: 'fact', text: 'A plan to paste into the description and fill in where it says `[choose: …]`', source: 'made from what the repository and this change show', paste };
}
