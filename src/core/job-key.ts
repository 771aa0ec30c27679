import type { RepositoryName } from './job.js';

/** What a job key names: a pull request, or a merge group by its head. */
export type JobSubject =
  | { readonly repo: RepositoryName; readonly pull: number; readonly headSha: null }
  | { readonly repo: RepositoryName; readonly pull: null; readonly headSha: string };

/**
 * The name under which everything about one pull request is done one after the other: `owner/name#12`, or
 * `owner/name@<sha>` for a merge group. Lower case, because the host's names are not case-sensitive.
 */
export function jobKey(repo: RepositoryName, pull: number | null, headSha: string | null): string {
  const name = `${repo.owner}/${repo.name}`;
  if (pull === null && headSha === null) throw new TypeError(`A job on ${name} names neither a pull request nor a commit.`);
  return (pull === null ? `${name}@${headSha}` : `${name}#${pull}`).toLowerCase();
}

const KEY = /^([^/\s#@]+)\/([^/\s#@]+)(?:#([1-9]\d{0,9})|@([0-9a-f]{7,64}))$/;

/** The subject of a key; null when the text is no key. */
export function parseJobKey(key: string): JobSubject | null {
  const [, owner, name, pull, headSha] = KEY.exec(key) ?? [];
  if (owner === undefined || name === undefined) return null;
  const repo = { owner, name };
  if (pull !== undefined) return { repo, pull: Number(pull), headSha: null };
  return headSha === undefined ? null : { repo, pull: null, headSha };
}
