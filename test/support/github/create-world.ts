import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { FaultPlan } from './faults.js';
import { isoSeconds } from './git.js';
import { initBare, setRef, writeCommit, type FileMap } from './git-writing.js';
import { fullName, type Account, type Installation, type Permissions, type Repository, type Role, type World } from './world.js';

/** What the App is registered with; a test's copy of `app.yml`. */
export const DEFAULT_PERMISSIONS: Permissions = {
  metadata: 'read',
  contents: 'read',
  issues: 'read',
  merge_queues: 'read',
  deployments: 'read',
  actions: 'read',
  pull_requests: 'write',
  checks: 'write',
};

export const DEFAULT_EVENTS: readonly string[] = [
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'deployment_status',
  'issue_comment',
  'check_run',
  'check_suite',
  'merge_group',
  'push',
];

export interface RepositorySeed {
  /** `owner/name`. An owner that is not a user becomes an organisation. */
  readonly name: string;
  /** The files of the first commit on the default branch. */
  readonly files: FileMap;
  /** true unless told: the stricter of the two. */
  readonly private?: boolean;
  readonly defaultBranch?: string;
  readonly collaborators?: Readonly<Record<string, Role>>;
  /** Whether the App is installed on it; true unless told. */
  readonly installed?: boolean;
  /** Branch → names of required checks. */
  readonly requiredChecks?: Readonly<Record<string, readonly string[]>>;
}

export interface AppSeed {
  readonly id?: number;
  readonly slug?: string;
  /** PEM or key; a fresh pair is made when both are absent. */
  readonly privateKey?: string;
  readonly publicKey?: KeyObject;
  readonly webhookSecret?: string;
  readonly permissions?: Permissions;
  readonly events?: readonly string[];
}

export interface GitHubSeed {
  readonly repositories: readonly RepositorySeed[];
  readonly app?: AppSeed;
  /** Further users. Collaborators and owners need not be named. */
  readonly users?: readonly string[];
  readonly bots?: readonly string[];
  /** `organisation/team` → members. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  readonly faults?: readonly FaultPlan[];
  readonly rateLimit?: number;
  /** How long installation tokens live; an hour on GitHub. */
  readonly tokenLifetimeMs?: number;
}

/** The App's key pair, made when the seed names none. */
export function appKeys(app: AppSeed): { readonly privateKey: string; readonly publicKey: KeyObject } {
  if (app.publicKey !== undefined) return { privateKey: app.privateKey ?? '', publicKey: app.publicKey };
  if (app.privateKey !== undefined) return { privateKey: app.privateKey, publicKey: createPublicKey(createPrivateKey(app.privateKey)) };
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { privateKey: pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(), publicKey: pair.publicKey };
}

/** Ids start beyond 32 bits, as GitHub's do today. */
const FIRST_ID = 30_000_000_001;

/** A world with the App and nothing else. */
export function newWorld(seed: GitHubSeed, directory: string, publicKey: KeyObject): World {
  let id = FIRST_ID;
  const app = seed.app ?? {};
  const slug = app.slug ?? 'belay';
  const person = (login: string, type: Account['type']): Account => ({ id: ++id, login, type, name: login, email: `${login}@users.noreply.example.com` });
  const owner = person('belay-owner', 'User');
  const bot = person(`${slug}[bot]`, 'Bot');
  return {
    url: '',
    api: '',
    directory,
    app: {
      id: app.id ?? 4242,
      slug,
      name: slug,
      publicKey,
      webhookSecret: app.webhookSecret ?? 'a webhook secret that is long enough for anybody',
      owner,
      bot,
      permissions: app.permissions ?? DEFAULT_PERMISSIONS,
      events: app.events ?? DEFAULT_EVENTS,
      createdAt: isoSeconds(Date.now()),
    },
    accounts: new Map([owner, bot].map((one) => [one.login.toLowerCase(), one])),
    teams: [],
    installations: [],
    repositories: new Map(),
    tokens: new Map(),
    deliveries: [],
    hookUrl: null,
    requests: [],
    violations: [],
    faults: [],
    rateLimit: seed.rateLimit ?? 5000,
    tokenLifetime: seed.tokenLifetimeMs ?? 3_600_000,
    now: () => Date.now(),
    nextId: () => ++id,
    background: new Set(),
    accidents: [],
    emit: () => Promise.resolve(),
  };
}

/** The account of that name, made on first use. */
export function account(world: World, login: string, type: Account['type']): Account {
  const existing = world.accounts.get(login.toLowerCase());
  if (existing !== undefined) return existing;
  const made: Account = { id: world.nextId(), login, type: login.endsWith('[bot]') ? 'Bot' : type, name: login, email: `${login.replace('[bot]', '')}@users.noreply.example.com` };
  world.accounts.set(login.toLowerCase(), made);
  return made;
}

/** The installation of an account, made on first use. */
export function installationFor(world: World, owner: Account): Installation {
  const existing = world.installations.find((installation) => installation.account === owner);
  if (existing !== undefined) return existing;
  const { permissions, events } = world.app;
  const made: Installation = { id: world.nextId(), account: owner, permissions, events, suspended: false, createdAt: isoSeconds(world.now()), used: 0, resetAt: world.now() + 3_600_000 };
  world.installations.push(made);
  return made;
}

/** A repository with its first commit, and its owner's installation. */
export async function addRepository(world: World, seed: RepositorySeed): Promise<Repository> {
  const [ownerName = '', name = ''] = seed.name.split('/');
  const owner = account(world, ownerName, 'Organization');
  const repository = newRepository(world, owner, name, { private: seed.private ?? true, installed: seed.installed ?? true, defaultBranch: seed.defaultBranch ?? 'main', parent: null });
  if (repository.installed) installationFor(world, owner);
  for (const [login, role] of Object.entries(seed.collaborators ?? {})) repository.collaborators.set(account(world, login, 'User').login.toLowerCase(), role);
  for (const [branch, checks] of Object.entries(seed.requiredChecks ?? {})) repository.requiredChecks.set(branch, checks);
  await initBare(repository.directory, repository.defaultBranch);
  const author = { name: owner.name, email: owner.email, date: commitDate(repository) };
  const sha = await writeCommit(repository.directory, { files: seed.files, message: 'Start', parents: [], author });
  await setRef(repository.directory, `refs/heads/${repository.defaultBranch}`, sha);
  return repository;
}

/**
 * The date of the next commit in a repository: a minute after the last one, from a fixed day on, so that the same story makes the
 * same commits whenever and wherever it is told.
 */
export function commitDate(repository: Repository): string {
  repository.commits += 1;
  return isoSeconds(Date.UTC(2025, 0, 6, 9) + repository.commits * 60_000);
}

/** An empty record of a repository, without its git data. */
export function newRepository(
  world: World,
  owner: Account,
  name: string,
  options: { readonly private: boolean; readonly installed: boolean; readonly defaultBranch: string; readonly parent: Repository | null },
): Repository {
  const now = isoSeconds(world.now());
  const repository: Repository = {
    ...options,
    id: world.nextId(),
    owner,
    name,
    directory: join(world.directory, owner.login, `${name}.git`),
    createdAt: now,
    pushedAt: now,
    nextNumber: 1,
    commits: 0,
    collaborators: new Map(),
    pulls: new Map(),
    issues: new Map(),
    comments: new Map(),
    reviews: new Map(),
    reviewComments: new Map(),
    checkSuites: new Map(),
    checkRuns: new Map(),
    labels: new Map(),
    deployments: new Map(),
    activities: [],
    requiredChecks: new Map(),
  };
  world.repositories.set(fullName(repository).toLowerCase(), repository);
  return repository;
}

export function addTeams(world: World, teams: Readonly<Record<string, readonly string[]>>): void {
  for (const [name, members] of Object.entries(teams)) {
    const [organisation = '', slug = ''] = name.split('/');
    const logins = members.map((login) => [account(world, login, 'User').login.toLowerCase(), 'member'] as const);
    world.teams.push({ id: world.nextId(), organisation, slug, members: new Map(logins) });
  }
}

