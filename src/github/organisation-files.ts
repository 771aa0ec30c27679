import { LRUCache } from 'lru-cache';
import { BelayError } from '../core/errors.js';
import type { RepositoryName } from '../core/job.js';
import type { Client } from './client.js';
import { readHostFile } from './host-file.js';
import type { Installations } from './installations.js';

const CONFIGURATION_REPOSITORY = '.github';
/** A token lives for an hour; an answer "out of reach" is asked again sooner. */
const KEEP_CLIENT = 50 * 60_000;
const KEEP_ABSENCE = 5 * 60_000;

/**
 * Reads files of an organisation's `.github` repository, with a token of its own that can do nothing else. null where the
 * owner is a person, or the repository does not exist or was not given to the App.
 */
export function createOrganisationFiles(installations: Installations, clientFor: (repo: RepositoryName) => Client): (repo: RepositoryName, path: string) => Promise<string | null> {
  const clients = new LRUCache<string, Client>({ max: 500, ttl: KEEP_CLIENT });
  const absent = new LRUCache<string, true>({ max: 5000, ttl: KEEP_ABSENCE });
  return async (repo, path) => {
    const owner = repo.owner.toLowerCase();
    if (repo.name.toLowerCase() === CONFIGURATION_REPOSITORY || absent.has(owner)) return null;
    if (!(await installations.of(repo)).isOrganisation) return null;
    const home = { owner: repo.owner, name: CONFIGURATION_REPOSITORY };
    const client = clients.get(owner) ?? clientFor(home);
    clients.set(owner, client);
    try {
      return await readHostFile(client, home, path, null);
    } catch (error) {
      clients.delete(owner);
      if (!isOutOfReach(error)) throw error;
      absent.set(owner, true);
      return null;
    }
  };
}

/** Not installed there, or not among the chosen repositories. A limit or an outage is neither: then nobody knows. */
function isOutOfReach(error: unknown): boolean {
  return error instanceof BelayError && error.retryAfter === null && (error.scope === 'installation' || error.scope === 'pull');
}
