import type { HostPull } from '../core/host.js';
import type { RepositoryName } from '../core/job.js';
import { allPages, type Client } from './client.js';

/** The fields of a pull request that are read, from the single resource or from a list. */
interface RawPull {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly user: { readonly login: string; readonly type?: string } | null;
  readonly draft?: boolean;
  readonly state: string;
  readonly merged?: boolean;
  readonly merged_at: string | null;
  readonly labels: readonly { readonly name?: string }[];
  readonly head: { readonly ref: string; readonly sha: string; readonly repo: { readonly full_name: string } | null };
  readonly base: { readonly ref: string; readonly sha: string; readonly repo: { readonly full_name: string; readonly default_branch: string } };
}

/** More open pull requests than this are not looked through. */
const MAX_OPEN_PAGES = 10;

/**
 * A pull request in our words. `baseSha` is the payload's, which may be stale; commits and templates are empty: what
 * needs them reads them.
 */
export function pullOf(raw: RawPull): HostPull {
  const headRepository = raw.head.repo?.full_name ?? null;
  return {
    number: raw.number,
    title: raw.title,
    body: raw.body ?? '',
    author: raw.user?.login ?? 'ghost',
    authorIsBot: raw.user?.type === 'Bot',
    draft: raw.draft ?? false,
    headBranch: raw.head.ref,
    baseBranch: raw.base.ref,
    fromFork: headRepository === null || headRepository.toLowerCase() !== raw.base.repo.full_name.toLowerCase(),
    labels: raw.labels.flatMap((label) => (label.name === undefined ? [] : [label.name])),
    defaultBranch: raw.base.repo.default_branch,
    templates: [],
    commits: [],
    headSha: raw.head.sha,
    baseSha: raw.base.sha,
    state: raw.state === 'open' ? 'open' : 'closed',
    merged: raw.merged ?? raw.merged_at !== null,
    headRepository,
  };
}

/** All open pull requests, or those with this head. Up to a thousand are looked through; for a head the host's own index is asked beyond that. */
export async function readOpenPulls(client: Client, repo: RepositoryName, headSha: string | undefined): Promise<readonly HostPull[]> {
  const place = { owner: repo.owner, repo: repo.name };
  const { items, complete } = await allPages<RawPull>(
    async (page) => (await client.read('GET /repos/{owner}/{repo}/pulls', { ...place, state: 'open', per_page: 100, page })).data,
    MAX_OPEN_PAGES,
  );
  const found = new Map(items.map((raw) => [raw.number, pullOf(raw)]));
  if (!complete && headSha !== undefined) {
    const more = await client.find('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', { ...place, commit_sha: headSha, per_page: 100 });
    for (const raw of more?.data ?? []) if (raw.state === 'open') found.set(raw.number, pullOf(raw));
  }
  return [...found.values()].filter((pull) => headSha === undefined || pull.headSha === headSha);
}
