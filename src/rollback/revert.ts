import type { Pull } from '../core/change-set.js';
import type { RepositoryName } from '../core/job.js';

/** What a pull request says it undoes. */
export interface NamedReverts {
  /** 7 to 40 hex digits each, in the order in which they are named. */
  readonly commits: readonly string[];
  readonly pulls: readonly number[];
  /** Whether the pull request as a whole claims to be a revert, and not one of many commits in it. */
  readonly claimed: boolean;
}

const TEXT_LIMIT = 65_536;
/** The owner of a repository that belongs to no host: then nobody can say that another one is meant. */
const NO_HOST = 'local';
/** More than anybody reverts at once. */
const MOST = 10;
const COMMIT = /\bThis reverts commits? ([0-9a-f]{7,40}\b(?:(?:,? and |, ?|\s+)[0-9a-f]{7,40}\b)*)/gi;
const PULL = /(?:^|\n)[ \t]*(?:This )?Reverts (?:pull request )?(?:([\w.-]+)\/([\w.-]+))?#(\d{1,9})\b/gi;
const BRANCH = /^revert-(\d{1,9})-/;
const TITLE = /^\W*(?:\w+(?:\([^)]*\))?:\s*)?(?:revert(?:ed|ing|s)?|re-?land|re-?apply|back(?:ing|s)? ?out|roll(?:ing|s)? ?back|undo)\b/i;

/** Reads what a pull request says it undoes, from its own words and its commits'; null when it names nothing that was there before. */
export function namedReverts(pull: Pull, repo: RepositoryName): NamedReverts | null {
  const texts = [...pull.commits.map((commit) => commit.message), pull.body].map((text) => text.slice(0, TEXT_LIMIT));
  const commits = distinct(texts.flatMap(commitsIn)).filter((sha) => !pull.commits.some((own) => own.sha.startsWith(sha)));
  const branch = Number(BRANCH.exec(pull.headBranch)?.[1] ?? 0);
  const pulls = [...new Set([...texts.flatMap((text) => pullsIn(text, repo)), ...(branch > 0 ? [branch] : [])])].filter((number) => number !== pull.number);
  if (commits.length + pulls.length === 0 || commits.length > MOST || pulls.length > MOST) return null;
  const opening = pull.body.trimStart().slice(0, 200);
  const claimed = TITLE.test(pull.title) || branch > 0 || opening.search(COMMIT) === 0 || pullsIn(opening.split('\n')[0] ?? '', repo).length > 0;
  return { commits, pulls, claimed };
}

/** The commit that a pull request says it reverts; null when it does not say so, or names several. */
export function revertedCommit(pull: Pull): string | null {
  const named = distinct([pull.body, ...pull.commits.map((commit) => commit.message)].flatMap((text) => commitsIn(text.slice(0, TEXT_LIMIT))));
  return named.length === 1 ? (named[0] ?? null) : null;
}

function commitsIn(text: string): readonly string[] {
  return [...text.matchAll(COMMIT)].flatMap(([, list = '']) => list.toLowerCase().match(/[0-9a-f]{7,40}/g) ?? []);
}

function pullsIn(text: string, repo: RepositoryName): readonly number[] {
  return [...text.matchAll(PULL)].flatMap(([, owner, name, number]) => {
    const here = owner === undefined || repo.owner === NO_HOST || (owner.toLowerCase() === repo.owner.toLowerCase() && name?.toLowerCase() === repo.name.toLowerCase());
    return here ? [Number(number)] : [];
  });
}

/** Without those that are the beginning of another. */
function distinct(shas: readonly string[]): readonly string[] {
  const named = [...new Set(shas)];
  return named.filter((sha) => !named.some((other) => other !== sha && other.startsWith(sha)));
}
