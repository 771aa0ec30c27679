import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStore } from '../../src/store/open-store.js';
import { SECRET, startChild, type Child } from './children/start-child.js';
import { memoryLog } from './memory-log.js';
import { startPostgres, type TestPostgres } from '../support/postgres/start-postgres.js';
import { freshFolder, KINDS } from './test-stores.js';

const KILLS = { embedded: 5, postgres: 2 };

/** Sends deliveries, has the process killed once `enough` of them were acknowledged, and answers the ids of those that were. */
async function bombard(child: Child, round: number, enough: number): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  const kills: Promise<void>[] = [];
  const sender = async (lane: number) => {
    for (let count = 0; ; count += 1) {
      const id = `r${round}-l${lane}-${count}`;
      const body = JSON.stringify({ pull: 1 + ((lane * 7 + count) % 40) });
      const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
      const headers = { 'content-type': 'application/json', 'x-github-event': 'pull_request', 'x-github-delivery': id, 'x-hub-signature-256': signature };
      const response = await fetch(child.url, { method: 'POST', headers, body }).catch(() => null);
      if (response === null) return;
      if (response.status === 202) acknowledged.push(id);
      if (acknowledged.length >= enough && kills.length === 0) kills.push(child.kill());
      await response.arrayBuffer().catch(() => null);
    }
  };
  await Promise.all(Array.from({ length: 6 }, (_, lane) => sender(lane)));
  await Promise.all(kills);
  return acknowledged;
}

async function journalOf(path: string): Promise<readonly string[]> {
  return existsSync(path) ? (await readFile(path, 'utf8')).trim().split('\n') : [];
}

describe.each(KINDS)('a process that is killed again and again, on %s', (kind) => {
  let folder: string;
  let server: TestPostgres | null = null;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'belay-kill-'));
    server = kind === 'postgres' ? await startPostgres() : null;
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('loses nothing it acknowledged, takes interrupted work up again, and drains when asked to', async () => {
    const databaseUrl = await server?.freshDatabase();
    const data = kind === 'embedded' ? await freshFolder(join(folder, 'data')) : join(folder, 'data');
    const journal = join(folder, 'journal');
    const start = () => startChild([data, journal, ...(databaseUrl === undefined ? [] : [databaseUrl])]);
    const acknowledged: string[] = [];
    for (let round = 0; round < KILLS[kind]; round += 1) {
      acknowledged.push(...(await bombard(await start(), round, 5 + 17 * round)));
    }

    const last = await start();
    while ((await last.waiting()) > 0) await delay(200);
    const seen = new Set((await journalOf(journal)).filter((line) => line.startsWith('done ')).map((line) => line.slice(5)));
    expect(acknowledged.filter((id) => !seen.has(id))).toEqual([]);
    expect(await last.terminate()).toBe(0);
    expect(await journalOf(journal)).toContain(`drained ${last.pid}`);
    expect(overlaps(await journalOf(journal))).toEqual([]);

    const store = await openStore({ dataDirectory: data, databaseUrl, log: memoryLog() });
    try {
      const rows = await store.query<{ id: string; state: string }>('SELECT id, state FROM belay.deliveries');
      const dispatched = new Set(rows.filter(({ state }) => state === 'dispatched').map(({ id }) => id));
      expect(acknowledged.filter((id) => !dispatched.has(id))).toEqual([]);
      expect(await store.query('SELECT key, owner FROM belay.work')).toEqual([]);
      expect(await store.query("SELECT id FROM belay.requests WHERE state = 'pending'")).toEqual([]);
    } finally {
      await store.close();
    }
  }, 600_000);
});

/** Keys that one process began a second time before it had ended the first. */
function overlaps(journal: readonly string[]): readonly string[] {
  const open = new Set<string>();
  return journal.filter((line) => {
    const [word, key, pid] = line.split(' ');
    if (word === 'end') open.delete(`${key} ${pid}`);
    if (word !== 'begin') return false;
    const twice = open.has(`${key} ${pid}`);
    open.add(`${key} ${pid}`);
    return twice;
  });
}
