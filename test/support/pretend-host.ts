import { EMPTY_PULL, type ChangeSet } from '../../src/core/change-set.js';
import type { Permission } from '../../src/core/config.js';
import type { Host, HostPull, Participants } from '../../src/core/host.js';
import { NOTHING_PUBLISHED, type Publication } from '../../src/core/publication.js';
import { NO_RELEASE_EVIDENCE, type ReleaseEvidence } from '../../src/core/release-evidence.js';
import type { Records } from '../../src/core/records.js';
import type { Acceptance } from '../../src/core/waiver.js';
import type { Override } from '../../src/core/verdict.js';

export const REPO = { owner: 'acme', name: 'shop' };

export const HEAD_PULL: HostPull = {
  ...EMPTY_PULL,
  number: 1,
  title: 'A change',
  author: 'ada',
  headBranch: 'feature',
  baseBranch: 'main',
  defaultBranch: 'main',
  headSha: 'a'.repeat(40),
  baseSha: 'b'.repeat(40),
  state: 'open',
  merged: false,
  headRepository: 'acme/shop',
};

/** What a pretend host knows; everything else throws, so that a test notices what it did not think of. */
export interface Known {
  readonly files?: Readonly<Record<string, string>>;
  readonly organisation?: string | null;
  readonly permissions?: Readonly<Record<string, Permission>>;
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  readonly participants?: Partial<Participants>;
  readonly changeSet?: ChangeSet;
  readonly release?: ReleaseEvidence;
  readonly mayOpenIssues?: boolean;
}

/** A host in memory for what decides about rights and configuration. What it is asked to publish is kept in `carried`. */
export function pretendHost(known: Known): Host & { readonly carried: Publication[] } {
  const carried: Publication[] = [];
  const unexpected = (what: string) => async (): Promise<never> => Promise.reject(new Error(`the test did not expect ${what}`));
  return {
    carried,
    repo: REPO,
    pull: async () => Promise.resolve(HEAD_PULL),
    openPulls: async () => Promise.resolve([]),
    defaultBranch: async () => Promise.resolve({ name: 'main', sha: HEAD_PULL.baseSha }),
    changeSet: unexpected('a change set'),
    compare: unexpected('a comparison'),
    snapshot: unexpected('a snapshot'),
    mergedParent: unexpected('a merged parent'),
    mergedPull: async () => Promise.resolve(null),
    mergedAs: async () => Promise.resolve([]),
    failedDeployment: async () => Promise.resolve(null),
    replied: async () => Promise.resolve(false),
    tree: async () => Promise.resolve(null),
    objects: async () => Promise.resolve(null),
    branchTip: unexpected('the tip of a branch'),
    commitsTouching: unexpected('commits'),
    changedPaths: unexpected('paths'),
    file: async (path, ref) => Promise.resolve(known.files?.[`${ref}:${path}`] ?? null),
    organisationFile: async () => Promise.resolve(known.organisation ?? null),
    participants: async () => Promise.resolve({ authors: new Set(['ada']), unknownAuthors: false, ...known.participants }),
    permission: async (login) => Promise.resolve(known.permissions?.[login] ?? 'none'),
    teamMember: async (team, login) => Promise.resolve(known.teams?.[team]?.includes(login) ?? false),
    release: async () => Promise.resolve(known.release ?? NO_RELEASE_EVIDENCE),
    pusher: async () => Promise.resolve(null),
    mayOpenIssues: async () => Promise.resolve(known.mayOpenIssues ?? false),
    ownIssue: async () => Promise.resolve(null),
    sign: () => '<!-- marker -->',
    published: async () => Promise.resolve(NOTHING_PUBLISHED),
    carryOut: async (publication) => {
      carried.push(publication);
      return Promise.resolve();
    },
  };
}

/** Records in memory. */
export function pretendRecords(pushers: readonly string[] = ['ada']): Records & { readonly accepted: Acceptance[]; readonly overrides: Override[]; readonly dismissed: string[] } {
  const valid = new Map<string, string>();
  const kept = new Map<string, string>();
  const accepted: Acceptance[] = [];
  const overrides: Override[] = [];
  const dismissed: string[] = [];
  let paused = false;
  return {
    accepted,
    overrides,
    dismissed,
    dismissals: async () => Promise.resolve(new Set(dismissed)),
    dismiss: async (_repo, _pull, fingerprint) => Promise.resolve(void dismissed.push(fingerprint)),
    acceptances: async (_repo, _pull, headSha) => Promise.resolve(accepted.filter((one) => one.headSha === headSha)),
    accept: async (_repo, _pull, acceptance) => Promise.resolve(void accepted.push(acceptance)),
    override: async (_repo, _pull, headSha) => Promise.resolve(overrides.find((one) => one.headSha === headSha) ?? null),
    recordOverride: async (_repo, _pull, override) => Promise.resolve(void overrides.push(override)),
    paused: async () => Promise.resolve(paused),
    setPaused: async (_repo, _pull, value) => Promise.resolve(void (paused = value)),
    pushers: async () => Promise.resolve(new Set(pushers)),
    lastPush: async () => Promise.resolve(null),
    recordPusher: async () => Promise.resolve(),
    lastValidConfig: async (_repo, branch) => Promise.resolve(valid.get(branch) ?? null),
    recordValidConfig: async (_repo, branch, text) => Promise.resolve(void valid.set(branch, text)),
    openFollowUps: async () => Promise.resolve([]),
    recordFollowUp: async () => Promise.resolve(),
    cached: async (key) => Promise.resolve(kept.get(key) ?? null),
    cache: async (key, value) => Promise.resolve(void kept.set(key, value)),
  };
}
