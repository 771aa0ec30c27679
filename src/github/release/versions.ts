import type { RepositoryName } from '../../core/job.js';
import type { ReleasedVersion } from '../../core/release-evidence.js';
import type { Client } from '../client.js';

/** The newest releases, newest first, then the other tags as the host lists them: a hundred of each at most. */
export async function readVersions(client: Client, repo: RepositoryName, signal: AbortSignal): Promise<readonly ReleasedVersion[]> {
  const place = { owner: repo.owner, repo: repo.name, per_page: 100 };
  const tags = (await client.find('GET /repos/{owner}/{repo}/tags', place, signal))?.data ?? [];
  const releases = (await client.find('GET /repos/{owner}/{repo}/releases', place, signal))?.data ?? [];
  const shas = new Map(tags.map((tag) => [tag.name, tag.commit.sha]));
  const names = new Set([...releases.filter((release) => !release.draft).map((release) => release.tag_name), ...shas.keys()]);
  return [...names].map((name) => ({ name, sha: shas.get(name) ?? null }));
}
