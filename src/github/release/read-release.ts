import type { HostPull, Participants } from '../../core/host.js';
import type { RepositoryName } from '../../core/job.js';
import type { ReleaseEvidence } from '../../core/release-evidence.js';
import type { Client } from '../client.js';
import { unlessForbidden } from '../failures.js';
import { readBaseChange } from './base-changes.js';
import { readDeployTime } from './deploy-time.js';
import { readDeployments } from './deployments.js';
import { readOutlook } from './outlook.js';
import { readPushes, UNKNOWN_PUSHES } from './pushes.js';
import { readReviews } from './reviews.js';
import { readVersions } from './versions.js';

/** Everything the host says of the people and the releases around a pull request. What the App may not read is null. */
export async function readRelease(client: Client, repo: RepositoryName, pull: HostPull, people: Participants, signal: AbortSignal): Promise<ReleaseEvidence> {
  const reviews = await unlessForbidden(() => readReviews(client, repo, pull.number, pull.headSha, signal), null);
  const pushes = await unlessForbidden(() => readPushes(client, repo, pull, signal), UNKNOWN_PUSHES);
  // What was approved was the difference to the base of that time.
  const approved = reviews?.some((one) => one.state === 'approved' && one.sha === pull.headSha && !one.bot) === true;
  const baseChangedAt = approved ? await unlessForbidden(() => readBaseChange(client, repo, pull.number, signal), null) : undefined;
  return {
    ...(baseChangedAt === undefined ? {} : { baseChangedAt }),
    reviews,
    ...pushes,
    ...people,
    deployments: await unlessForbidden(() => readDeployments(client, repo, pull.headSha, signal), null),
    versions: await unlessForbidden(() => readVersions(client, repo, signal), null),
    outlook: await unlessForbidden(() => readOutlook(client, repo, pull.number, signal), null),
    deployTime: await unlessForbidden(() => readDeployTime(client, repo, pull.baseBranch, signal), null),
  };
}
