import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openStore } from '../../src/store/open-store.js';
import { takeLockFile } from '../../src/store/lock-file.js';
import { startChild } from './children/start-child.js';
import { memoryLog } from './memory-log.js';
import { freshFolder } from './test-stores.js';

describe('the lock on a data directory', () => {
  let folder: string;
  let path: string;
  let count = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'belay-lock-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeEach(() => {
    path = join(folder, `lock-${(count += 1)}`);
  });

  it('keeps a second process out, names the first, and is free after a kill', async () => {
    const data = await freshFolder(join(folder, 'data'));
    const child = await startChild([data, join(folder, 'journal')]);
    const refused = await openStore({ dataDirectory: data, log: memoryLog() }).then(() => 'opened', String);
    await child.kill();
    expect(refused).toMatch(new RegExp(`in use by process ${child.pid} .*BELAY_DATA_DIR of its own.*DATABASE_URL`));
    expect(existsSync(join(data, 'database.lock'))).toBe(true);
    const store = await openStore({ dataDirectory: data, log: memoryLog() });
    await store.ping();
    await store.close();
    expect(existsSync(join(data, 'database.lock'))).toBe(false);
  }, 120_000);

  it('starts anew over a first start that was killed half way', async () => {
    const data = join(folder, 'half');
    await mkdir(join(data, 'database.new', 'base'), { recursive: true });
    const store = await openStore({ dataDirectory: data, log: memoryLog() });
    await store.ping();
    await store.close();
  }, 120_000);

  it('says what to do when the database cannot be opened', async () => {
    const data = await freshFolder(join(folder, 'broken'));
    await writeFile(join(data, 'database', 'global', 'pg_control'), 'garbage');
    await expect(openStore({ dataDirectory: data, log: memoryLog() })).rejects.toThrow(/cannot be opened: .*Restore it from a backup, or move the folder away/);
    expect(existsSync(join(data, 'database.lock'))).toBe(false);
  }, 120_000);

  it('is not fooled by a new process that got the number of a dead one', async () => {
    const held = await takeLockFile(path, memoryLog());
    const owner = JSON.parse(await readFile(path, 'utf8')) as object;
    await held.release();
    await writeFile(path, JSON.stringify({ ...owner, token: 'someone else', started: '1' }));
    const log = memoryLog();
    const mine = await takeLockFile(path, log);
    expect(log.lines.map(({ message }) => message)).toContain('taking over the lock of a process that is gone');
    await mine.release();
  });

  it('believes an owner out of sight as long as it shows life', async () => {
    const held = await takeLockFile(path, memoryLog());
    const owner = JSON.parse(await readFile(path, 'utf8')) as object;
    // The same file, said to come from a container whose processes cannot be seen from here. It is still being touched.
    await writeFile(path, JSON.stringify({ ...owner, namespace: 'pid:[1]', host: 'elsewhere' }));
    await expect(takeLockFile(path, memoryLog())).rejects.toThrow(/in use by process \d+ on elsewhere/);
    await held.release();
  });

  it('goes to exactly one of many that ask at once', async () => {
    await writeFile(path, 'not even JSON');
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => takeLockFile(path, memoryLog())));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') await outcome.value.release();
    expect(existsSync(path)).toBe(false);
  }, 60_000);

  it('tells its holder when somebody else has taken it', async () => {
    const held = await takeLockFile(path, memoryLog());
    const lost = new Promise<void>((resolve) => held.onLost(resolve));
    const owner = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...owner, token: 'an intruder' }));
    await lost;
    await held.release();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ token: 'an intruder' });
  });
});
