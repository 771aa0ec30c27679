import { LRUCache } from 'lru-cache';
import { BelayError } from '../core/errors.js';
import type { RepositoryName } from '../core/job.js';
import type { Client } from './client.js';
import { httpFailure } from './failures.js';

export type AppPermissions = Readonly<Record<string, 'read' | 'write'>>;

/** One account that installed the App. */
export interface Installation {
  readonly id: number;
  /** The account's login. */
  readonly account: string;
  readonly isOrganisation: boolean;
  readonly permissions: AppPermissions;
  readonly suspended: boolean;
}

/** What a job is about to do, and with it the least it needs. */
export type Purpose = 'review' | 'command' | 'sweep' | 'configuration' | 'release' | 'follow-up';

const NEEDS: Readonly<Record<Purpose, AppPermissions>> = {
  review: { metadata: 'read', contents: 'read', pull_requests: 'write', checks: 'write' },
  command: { metadata: 'read', contents: 'read', pull_requests: 'write', checks: 'write', members: 'read' },
  sweep: { metadata: 'read', pull_requests: 'read', checks: 'read' },
  release: { metadata: 'read', contents: 'read', pull_requests: 'read', deployments: 'read', actions: 'read' },
  'follow-up': { metadata: 'read', issues: 'write' },
  configuration: { metadata: 'read', contents: 'read' },
};

/** Asked for where the operator granted it, done without where not. */
const OPTIONAL: ReadonlySet<string> = new Set(['members', 'deployments', 'actions']);

export interface Installations {
  of(repo: RepositoryName): Promise<Installation>;
  /** A token for one repository with only what the purpose needs. */
  token(repo: RepositoryName, purpose: Purpose): Promise<string>;
  /** Drops what is known of an account: its installation changed. */
  forget(): void;
}

/** What the host tells of installations drops it sooner; so does a token that is refused. */
const KEEP = 60 * 60_000;

/** Finds installations and mints tokens. `app` acts as the App itself. */
export function createInstallations(app: Client): Installations {
  const known = new LRUCache<string, Installation>({ max: 5000, ttl: KEEP });
  const of = async (repo: RepositoryName): Promise<Installation> => {
    const key = `${repo.owner}/${repo.name}`.toLowerCase();
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const reply = await app.find('GET /repos/{owner}/{repo}/installation', { owner: repo.owner, repo: repo.name });
    if (reply === null) throw new BelayError('installation', `The App is not installed on ${repo.owner}/${repo.name}.`);
    const installation = installationOf(reply.data);
    known.set(key, installation);
    return installation;
  };
  const token = async (repo: RepositoryName, purpose: Purpose): Promise<string> => {
    const installation = await of(repo);
    if (installation.suspended) {
      known.clear();
      throw new BelayError('installation', `The installation of ${installation.account} is suspended.`);
    }
    try {
      return await mint(app, installation, repo, grantedPart(installation, purpose));
    } catch (error) {
      // What was kept may be outdated: the next attempt looks again.
      if (error instanceof BelayError && httpFailure(error.cause) !== null) known.clear();
      throw error;
    }
  };
  return { of, token, forget: () => known.clear() };
}

async function mint(app: Client, installation: Installation, repo: RepositoryName, permissions: AppPermissions): Promise<string> {
  const reply = await app.read('POST /app/installations/{installation_id}/access_tokens', { installation_id: installation.id, repositories: [repo.name], permissions: { ...permissions } });
  return reply.data.token;
}

/** The permissions to ask for: asking for more than was granted is refused as a whole. */
function grantedPart(installation: Installation, purpose: Purpose): AppPermissions {
  const wanted: Record<string, 'read' | 'write'> = {};
  for (const [name, level] of Object.entries(NEEDS[purpose])) {
    const granted = installation.permissions[name];
    if (granted === 'write' || granted === level) wanted[name] = level;
    else if (!OPTIONAL.has(name)) throw new BelayError('installation', `${installation.account} has not granted Belay the permission ${name}: ${level}. An owner can accept it in the settings of the installation.`);
  }
  return wanted;
}

interface RawInstallation {
  readonly id: number;
  readonly account?: object | null;
  readonly target_type?: string;
  readonly permissions: object;
  readonly suspended_at?: string | null;
}

/** An installation in our words. */
export function installationOf(raw: RawInstallation): Installation {
  const account = raw.account !== null && raw.account !== undefined && 'login' in raw.account ? String(raw.account.login) : '';
  return {
    id: raw.id,
    account,
    isOrganisation: raw.target_type === 'Organization',
    permissions: { metadata: 'read', ...(raw.permissions as AppPermissions) },
    suspended: raw.suspended_at !== null && raw.suspended_at !== undefined,
  };
}
