import type { GitHubSeed, RepositorySeed } from '../support/github/create-world.js';
import { startGitHub, type GitHub } from '../support/github/start-github.js';
import { newestRun, requiredState } from '../support/github/truth.js';
import type { OpenedPull } from '../support/github/user.js';
import type { CheckRun, IssueComment, Review, ReviewComment } from '../support/github/world.js';
import { until, type Belay } from './start-belay.js';

export const CHECK = 'Belay';

/** A small shop on Postgres, with one migration that made its tables. */
export const SHOP_FILES = {
  'README.md': '# Shop\n',
  'package.json': '{ "name": "shop", "dependencies": { "pg": "8.16.0" } }\n',
  'db/migrations/0001_shop.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total integer);\n',
  'src/greet.ts': "export function greet(name: string): string {\n  return `Hello ${name}`;\n}\n",
  '.github/belay.yml': 'version: 1\ndatabase: { target: postgres@16 }\n',
};

/** A migration that blocks writes while it builds its index. */
export const LOCKING_INDEX = { 'db/migrations/0002_users_email.sql': 'CREATE INDEX users_email_idx ON users (email);\n' };
/** The same without the lock. */
export const FIXED_INDEX = { 'db/migrations/0002_users_email.sql': 'CREATE INDEX CONCURRENTLY users_email_idx ON users (email);\n' };
/** Another one that scans the table under an exclusive lock. */
export const SET_NOT_NULL = { 'db/migrations/0003_users_name.sql': 'ALTER TABLE users ALTER COLUMN name SET NOT NULL;\n' };
/** Nothing to say about. */
export const HARMLESS = { 'src/greet.ts': "export function greet(name: string): string {\n  return `Good day ${name}`;\n}\n" };

/** A shop per story, so that stories share a server without meeting each other. */
export function shop(name: string, more: Partial<RepositorySeed> = {}): RepositorySeed {
  return { name: `acme/${name}`, files: SHOP_FILES, collaborators: { alice: 'write', bob: 'write', mia: 'maintain', rita: 'read' }, requiredChecks: { main: [CHECK] }, ...more };
}

export function startShops(repositories: readonly RepositorySeed[], more: Partial<GitHubSeed> = {}): Promise<GitHub> {
  return startGitHub({ repositories, users: ['mallory'], ...more });
}

/** Waits until a pull request's head has its verdict, and gives the run that says it. */
export async function verdict(belay: Belay, opened: OpenedPull, headSha: string = opened.pull.headSha): Promise<CheckRun> {
  await until(`${opened.repository.name}#${String(opened.pull.number)} has a verdict`, belay.log, () => {
    const state = requiredState(opened.repository, headSha, CHECK);
    return state === 'passed' || state === 'failed';
  });
  const run = newestRun(opened.repository, headSha, CHECK);
  if (run === null) throw new Error('no run');
  return run;
}

/** Waits for the verdict and for everything that follows it. */
export async function reviewed(belay: Belay, opened: OpenedPull): Promise<CheckRun> {
  await verdict(belay, opened);
  await belay.idle();
  return verdict(belay, opened);
}

/** What the App wrote on a pull request, by kind. */
export interface Said {
  readonly reviews: readonly Review[];
  readonly inline: readonly ReviewComment[];
  readonly comments: readonly IssueComment[];
  readonly runs: readonly CheckRun[];
}

export function said({ repository, pull }: OpenedPull): Said {
  const own = <T extends { readonly number: number; readonly user: { readonly login: string } }>(things: ReadonlyMap<number, T>): readonly T[] =>
    [...things.values()].filter((thing) => thing.number === pull.number && thing.user.login === 'belay[bot]');
  return {
    reviews: own(repository.reviews),
    inline: own(repository.reviewComments),
    comments: own(repository.comments),
    runs: [...repository.checkRuns.values()].filter((run) => pull.heads.includes(run.headSha)),
  };
}
