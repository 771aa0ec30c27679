import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { LRUCache } from 'lru-cache';
import type { Host } from '../core/host.js';
import type { RepositoryName } from '../core/job.js';
import type { MarkerKeys } from '../core/marker.js';
import type { Log } from '../core/store.js';
import { allPages, createClient, type Client, type ClientOptions, type Observation, type Remembered } from './client.js';
import { readFailedDeliveries, redeliver, type FailedDelivery } from './deliveries.js';
import type { Fetch } from './download.js';
import { createHost } from './host.js';
import { createInstallations, installationOf, type Installation, type Purpose } from './installations.js';
import { createOrganisationFiles } from './organisation-files.js';
import { createChangesMemory } from './kept-changes.js';
import type { KnownRun } from './memory.js';
import { createPace, pause, type Sleep } from './pace.js';
import type { Identity } from './published.js';
import { createTreeStore } from './tree-store.js';

export interface ConnectOptions {
  readonly appId: string | number;
  /** PEM. */
  readonly privateKey: string;
  /** GHE_HOST: an enterprise server's name with its port; null for github.com. */
  readonly host: string | null;
  /** GHE_PROTOCOL. */
  readonly protocol?: 'https' | 'http';
  readonly userAgent: string;
  readonly log: Log;
  /** Called for every answer. */
  readonly observe: (observation: Observation) => void;
  /** Where unpacked trees are kept; belongs to Belay alone. */
  readonly cacheDirectory: string;
  /** Bytes of unpacked trees that are kept; 2 GB by default. */
  readonly cacheBytes?: number;
  readonly markerKeys: MarkerKeys;
  /** Milliseconds between writes that create content; 1000 by default, 0 in tests. */
  readonly writeSpacing?: number;
  /** Milliseconds to wait for an answer; 20,000 by default. */
  readonly timeout?: number;
  readonly fetch?: Fetch;
  /** How to wait; a test's may be quick. */
  readonly sleep?: Sleep;
}

export interface HostOptions {
  readonly purpose: Purpose;
  /** Whether the head may be so new that the host does not know it everywhere yet: a 404 or 422 is then worth another try. */
  readonly fresh?: () => boolean;
}

/** The App on its host. */
export interface GitHubApp {
  /** Who we are: to know our own comments, runs and events. Asked once. */
  identity(): Promise<Identity>;
  /** One repository for one job; its token is minted with the first request. */
  host(repo: RepositoryName, options: HostOptions): Host;
  installation(repo: RepositoryName): Promise<Installation>;
  /** Every account that installed the App. */
  installations(): Promise<readonly Installation[]>;
  /** The repositories an installation gives us. */
  repositories(installationId: number): Promise<readonly RepositoryName[]>;
  failedDeliveries(since: Date): Promise<readonly FailedDelivery[]>;
  redeliver(id: number, signal: AbortSignal): Promise<void>;
  /** To be called when an installation changed. */
  forgetInstallations(): void;
}

/** Connects the App. Nothing is sent before the first question. */
export function connect(options: ConnectOptions): GitHubApp {
  const fetch: Fetch = options.fetch ?? globalThis.fetch;
  const baseUrl = options.host === null ? 'https://api.github.com' : `${options.protocol ?? 'https'}://${options.host}/api/v3`;
  const shared = { baseUrl, userAgent: options.userAgent, log: quiet(options.log), request: { fetch } };
  const makeClient = clientMaker(options);
  const appOctokit = new Octokit({ ...shared, authStrategy: createAppAuth, auth: { appId: options.appId, privateKey: options.privateKey } });
  const app = makeClient('app', () => Promise.resolve(appOctokit), () => false);
  const installations = createInstallations(app);
  const withToken = (token: () => Promise<string>, fresh: () => boolean): Client => {
    let made: Promise<Octokit> | null = null;
    const octokit = (): Promise<Octokit> => {
      made ??= token().then((auth) => new Octokit({ ...shared, auth }));
      made.catch(() => (made = null));
      return made;
    };
    return makeClient('installation', octokit, fresh);
  };
  const clientFor = (repo: RepositoryName, purpose: Purpose, fresh: () => boolean): Client => withToken(() => installations.token(repo, purpose), fresh);
  const identity = once(() => readIdentity(app));
  const parts = {
    identity,
    markerKeys: options.markerKeys,
    trees: createTreeStore({ directory: options.cacheDirectory, maxBytes: options.cacheBytes ?? 2_000_000_000 }),
    fetch,
    log: options.log,
    sleep: options.sleep ?? pause,
    pace: createPace(options.writeSpacing ?? 1000, options.sleep ?? pause, () => Date.now()),
    exclusively: createExclusive(),
    made: new LRUCache<string, readonly KnownRun[]>({ max: 1000 }),
    changes: createChangesMemory(),
    files: new LRUCache<string, string>({ max: 1000, maxSize: 16_000_000, sizeCalculation: (text) => text.length + 1 }),
  };
  const organisationFile = createOrganisationFiles(installations, (repo) => clientFor(repo, 'configuration', () => false));
  return {
    identity,
    host: (repo, { purpose, fresh }) => createHost({ ...parts, repo, client: clientFor(repo, purpose, fresh ?? (() => false)), releaseClient: clientFor(repo, 'release', () => false), issueClient: clientFor(repo, 'follow-up', () => false), mayOpenIssues: async () => (await installations.of(repo)).permissions['issues'] === 'write', organisationFile: (path) => organisationFile(repo, path) }),
    installation: (repo) => installations.of(repo),
    installations: () => readInstallations(app),
    repositories: (id) => readRepositories(withToken(() => wholeToken(app, id), () => false)),
    failedDeliveries: (since) => readFailedDeliveries(app, since),
    redeliver: (id, signal) => redeliver(app, id, signal),
    forgetInstallations: () => installations.forget(),
  };
}

function clientMaker(options: ConnectOptions) {
  const etags = new LRUCache<string, Remembered>({ max: 500 });
  return (as: ClientOptions['as'], octokit: () => Promise<Octokit>, fresh: () => boolean): Client =>
    createClient({ octokit, as, fresh, etags, observe: options.observe, sleep: options.sleep ?? pause, now: () => Date.now(), timeout: options.timeout ?? 20_000 });
}

/** Octokit's own words go to the debug log. */
function quiet(log: Log): { debug: (message: string) => void; info: (message: string) => void; warn: (message: string) => void; error: (message: string) => void } {
  const say = (message: string): void => log.debug({}, message);
  return { debug: say, info: say, warn: say, error: say };
}

async function readIdentity(app: Client): Promise<Identity> {
  const { data } = await app.read('GET /app', {});
  const slug = data?.slug ?? '';
  return { appId: Number(data?.id), slug, login: `${slug}[bot]` };
}

async function readInstallations(app: Client): Promise<readonly Installation[]> {
  const { items } = await allPages(async (page) => (await app.read('GET /app/installations', { per_page: 100, page })).data, 100);
  return items.map(installationOf);
}

/** A token that can only name repositories. */
async function wholeToken(app: Client, installationId: number): Promise<string> {
  return (await app.read('POST /app/installations/{installation_id}/access_tokens', { installation_id: installationId, permissions: { metadata: 'read' } })).data.token;
}

async function readRepositories(client: Client): Promise<readonly RepositoryName[]> {
  const { items } = await allPages(async (page) => (await client.read('GET /installation/repositories', { per_page: 100, page })).data.repositories, 100);
  return items.flatMap((raw) => (raw.archived === true || raw.disabled === true ? [] : [{ owner: raw.owner.login, name: raw.name }]));
}

/** Asks once and keeps the answer; a failure is not kept. */
function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | null = null;
  return () => {
    answer ??= ask();
    answer.catch(() => (answer = null));
    return answer;
  };
}

/** One piece of work at a time under each name. */
function createExclusive(): <Result>(name: string, work: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    last.set(name, settled);
    void settled.then(() => last.get(name) === settled && last.delete(name));
    return mine;
  };
}

