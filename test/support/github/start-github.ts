import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { account, addRepository, addTeams, appKeys, newWorld, type GitHubSeed } from './create-world.js';
import { deliver, discard, emit, release, type DeliveryControl, type Mailbox } from './deliveries.js';
import { armFault, type FaultPlan } from './faults.js';
import { serveWorld } from './serve.js';
import { snapshotOfTruth, type Truth } from './truth.js';
import { actAs, type User } from './user.js';
import type { JsonObject, Repository, World } from './world.js';

/** A running stand-in. */
export interface GitHub {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** `127.0.0.1:port`, for GHE_HOST. */
  readonly host: string;
  readonly state: World;
  readonly appId: number;
  /** The App's private key in PEM form. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** Tells where the App takes webhooks: its own address, for example `http://127.0.0.1:3000`; null takes it away. */
  connect(appUrl: string | null): void;
  /** Somebody who does things; made on first use. */
  user(login: string): User;
  repository(name: string): Repository;
  /** Sends any payload as a signed event. */
  deliver(event: string, payload: JsonObject, control?: DeliveryControl): Promise<void>;
  /** Decides what happens to each delivery from now on; null restores order. */
  chaos(decide: ((event: string, action: string | null) => DeliveryControl) | null): void;
  /** Keeps deliveries back until `release`. */
  hold(): void;
  release(order?: 'as-sent' | 'reversed'): Promise<void>;
  /** Throws away what was kept back: it failed to arrive, and may be asked for again. */
  discard(): void;
  addFault(plan: FaultPlan): void;
  clearFaults(): void;
  /** Waits until everything the stand-in does by itself has been done. */
  settled(): Promise<void>;
  /** The final visible state, of everything or of one repository without its name. */
  snapshotOfTruth(only?: Repository): Promise<Truth>;
  close(): Promise<void>;
}

/** Starts a stand-in for GitHub Enterprise: REST under `/api/v3`, GraphQL under `/api/graphql`, real git repositories behind it. */
export async function startGitHub(seed: GitHubSeed): Promise<GitHub> {
  const directory = await mkdtemp(join(tmpdir(), 'stand-in-github-'));
  const keys = appKeys(seed.app ?? {});
  const world = newWorld(seed, directory, keys.publicKey);
  const mailbox: Mailbox = { chaos: () => ({}), holding: false, held: [], reordered: [] };
  world.emit = (event, action, payload, repository) => emit(world, mailbox, event, action, payload, repository);
  for (const login of seed.users ?? []) account(world, login, 'User');
  for (const login of seed.bots ?? []) account(world, login, 'Bot');
  for (const repository of seed.repositories) await addRepository(world, repository);
  addTeams(world, seed.teams ?? {});
  world.faults.push(...(seed.faults ?? []).map((plan) => armFault(plan, world.now())));
  const server = await serveWorld(world);
  return {
    url: world.url,
    host: new URL(world.url).host,
    state: world,
    appId: world.app.id,
    privateKey: keys.privateKey,
    webhookSecret: world.app.webhookSecret,
    connect: (appUrl) => void (world.hookUrl = appUrl === null ? null : `${appUrl}/api/github/webhooks`),
    user: (login) => actAs(world, account(world, login, 'User')),
    repository: (name) => repositoryNamed(world, name),
    deliver: (event, payload, control) => deliver(world, mailbox, event, payload, control),
    chaos: (decide) => void (mailbox.chaos = decide ?? (() => ({}))),
    hold: () => void (mailbox.holding = true),
    release: (order = 'as-sent') => release(world, mailbox, order),
    discard: () => discard(mailbox),
    addFault: (plan) => void world.faults.push(armFault(plan, world.now())),
    clearFaults: () => void world.faults.splice(0),
    settled: async () => {
      while (world.background.size > 0) await Promise.all([...world.background]);
    },
    snapshotOfTruth: (only) => snapshotOfTruth(world, only ?? null),
    close: async () => {
      world.hookUrl = null;
      while (world.background.size > 0) await Promise.all([...world.background]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      // A git process of an answer nobody waited for may still be at it.
      await rm(directory, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

function repositoryNamed(world: World, name: string): Repository {
  const repository = world.repositories.get(name.toLowerCase());
  if (repository === undefined) throw new Error(`no repository ${name}`);
  return repository;
}
