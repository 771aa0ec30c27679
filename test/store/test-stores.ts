import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { Store } from '../../src/core/store.js';
import { openStore } from '../../src/store/open-store.js';
import { startPostgres, type TestPostgres } from '../support/postgres/start-postgres.js';
import { memoryLog } from './memory-log.js';

export const KINDS = ['embedded', 'postgres'] as const;

/** Places where stores of one kind can be opened, and what has to be cleared away afterwards. */
export interface TestStores {
  /** Opens a store in a fresh place, or once more in the place of the store given. */
  open(place?: string): Promise<{ readonly store: Store; readonly place: string }>;
  close(): Promise<void>;
}

export async function testStores(kind: Store['kind']): Promise<TestStores> {
  const folder = await mkdtemp(join(tmpdir(), 'belay-store-'));
  const server: TestPostgres | null = kind === 'postgres' ? await startPostgres() : null;
  const opened: Store[] = [];
  let count = 0;
  return {
    async open(place) {
      const where = place ?? (server === null ? await freshFolder(join(folder, `data-${(count += 1)}`)) : await server.freshDatabase());
      const store = await openStore({ dataDirectory: where, databaseUrl: server === null ? undefined : where, log: memoryLog() });
      opened.push(store);
      return { store, place: where };
    },
    async close() {
      await Promise.all(opened.map((store) => store.close()));
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const { version: ENGINE_VERSION } = JSON.parse(readFileSync(new URL('../../node_modules/@electric-sql/pglite/package.json', import.meta.url), 'utf8')) as { readonly version: string };

/** A data directory with an empty database in it: copied, because making one anew takes seconds. */
export async function freshFolder(dataDirectory: string): Promise<string> {
  const template = join(tmpdir(), `belay-test-database-${ENGINE_VERSION}-${userInfo().uid}`);
  if (!existsSync(template)) {
    const draft = await mkdtemp(`${template}.`);
    await (await PGlite.create(join(draft, 'database'))).close();
    // Another test process may have been quicker; its database is as empty.
    await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }));
  }
  await cp(template, dataDirectory, { recursive: true });
  return dataDirectory;
}
