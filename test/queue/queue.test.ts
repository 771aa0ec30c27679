import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { BelayError } from '../../src/core/errors.js';
import type { Store } from '../../src/core/store.js';
import { startQueue, type Queue, type QueueOptions } from '../../src/queue/start-queue.js';
import { memoryLog } from '../store/memory-log.js';
import { KINDS, testStores, type TestStores } from '../store/test-stores.js';

const QUICK = {
  // Long: a busy machine must not look like a dead process.
  leaseMs: 120_000,
  graceMs: 500,
  maxAttempts: 3,
  requestBackoff: { first: 10, most: 50 },
  pullBackoff: { first: 10, most: 50 },
} as const;

/** A gate that work waits at until it is opened. */
function gate(): { readonly wait: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const wait = new Promise<void>((resolve) => (open = resolve));
  return { wait, open };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

describe.each(KINDS)('the queue on %s', (kind) => {
  let stores: TestStores;
  let store: Store;
  const queues: Queue[] = [];
  beforeAll(async () => {
    stores = await testStores(kind);
    ({ store } = await stores.open());
  });
  afterEach(async () => {
    for (const queue of queues.splice(0)) await queue.stop();
    await store.exec('TRUNCATE belay.work, belay.holds, belay.timetable; TRUNCATE belay_jobs.job');
  });
  afterAll(() => stores.close());

  const start = async (work: QueueOptions['work'], more: Partial<QueueOptions> = {}) => {
    const queue = await startQueue({ store, work, concurrency: 4, log: memoryLog(), limits: QUICK, ...more });
    queues.push(queue);
    return queue;
  };
  const idle = (queue: Queue) => until(async () => (await queue.counts()).depth === 0);

  it('does one job per key at a time, and once more when it was asked again meanwhile', async () => {
    const gates = [gate(), gate()];
    let began = 0;
    let inside = 0;
    let most = 0;
    const queue = await start(async () => {
      inside += 1;
      most = Math.max(most, inside);
      began += 1;
      await gates[began - 1]?.wait;
      inside -= 1;
    });
    await queue.send('acme/shop#1');
    await until(() => began === 1);
    await Promise.all(Array.from({ length: 20 }, () => queue.send('acme/shop#1')));
    gates[0]?.open();
    await until(() => began === 2);
    gates[1]?.open();
    await idle(queue);
    expect([began, most]).toEqual([2, 1]);
  });

  it('lets a busy pull request with more work waiting hold up nobody else', async () => {
    const busy = gate();
    const done: string[] = [];
    const queue = await start(async (key) => {
      if (key === 'acme/shop#1' && !done.includes(key)) await busy.wait;
      done.push(key);
    });
    await queue.send('acme/shop#1');
    await until(async () => (await queue.counts()).running === 1);
    await queue.send('acme/shop#1');
    await Promise.all(['acme/shop#2', 'other/one#3', 'acme/shop@abcdef1'].map((key) => queue.send(key)));
    await until(() => done.length === 3);
    expect([...done].sort()).toEqual(['acme/shop#2', 'acme/shop@abcdef1', 'other/one#3']);
    busy.open();
    await idle(queue);
    expect(done.filter((key) => key === 'acme/shop#1')).toHaveLength(2);
  });

  it('tries a failing pull request again, tells it which attempt is the last, and parks it without touching others', async () => {
    const attempts: string[] = [];
    const queue = await start((key, _signal, { number, last }) => {
      attempts.push(`${key} ${number} ${last}`);
      return key.endsWith('#1') ? Promise.reject(new Error('boom')) : Promise.resolve();
    });
    await queue.send('acme/shop#1');
    await until(async () => (await queue.counts()).parked === 1);
    await queue.send('acme/shop#2');
    await idle(queue);
    expect(attempts).toEqual(['acme/shop#1 1 false', 'acme/shop#1 2 false', 'acme/shop#1 3 true', 'acme/shop#2 1 false']);
    const parked = await store.query("SELECT data->>'key' AS key, data->>'error' AS error FROM belay_jobs.job WHERE name = 'pulls-parked'");
    expect(parked).toEqual([{ key: 'acme/shop#1', error: 'boom' }]);
    attempts.length = 0;
    await queue.send('acme/shop#1', { onlyIfUnknown: true });
    expect((await queue.counts()).parked).toBe(1);
    await queue.send('acme/shop#1');
    await until(() => attempts.length > 0);
    expect(attempts[0]).toBe('acme/shop#1 1 false');
  });

  it('parks at once what is pointless to try again', async () => {
    let attempts = 0;
    const queue = await start(() => {
      attempts += 1;
      return Promise.reject(new BelayError('pull', 'The repository is gone.'));
    });
    await queue.send('acme/shop#1');
    await until(async () => (await queue.counts()).parked === 1);
    expect(attempts).toBe(1);
  });

  it('holds back one account, and nobody else, until it is let go', async () => {
    const done: string[] = [];
    let suspended = true;
    const queue = await start((key) => {
      if (key.startsWith('acme/') && suspended) return Promise.reject(new BelayError('installation', 'The installation is suspended.'));
      done.push(key);
      return Promise.resolve();
    });
    await queue.send('acme/shop#1');
    await until(async () => (await store.query('SELECT 1 FROM belay.holds')).length === 1);
    suspended = false;
    await queue.send('acme/shop#2');
    await queue.send('acme/shop#1');
    await queue.send('other/one#1');
    await until(() => done.includes('other/one#1'));
    // All hands are free, and a job that comes last is done: the others were passed over.
    await queue.send('other/one#2');
    await until(() => done.includes('other/one#2'));
    expect(done).toEqual(['other/one#1', 'other/one#2']);
    await queue.resumeInstallation('Acme');
    await idle(queue);
    expect([...done].sort()).toEqual(['acme/shop#1', 'acme/shop#2', 'other/one#1', 'other/one#2']);
  });

  it('waits as long as the host asked for, without counting it against the pull request', async () => {
    const attempts: number[] = [];
    const queue = await start((_key, _signal, { number }) => {
      attempts.push(number);
      return attempts.length < 6 ? Promise.reject(new BelayError('global', 'Come back later.', { retryAfter: 20 })) : Promise.resolve();
    });
    await queue.send('acme/shop#1');
    await idle(queue);
    expect(attempts).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await store.query('SELECT scope FROM belay.holds')).toEqual([]);
  });

  it('does not begin before the time, unless there is news', async () => {
    const done: string[] = [];
    const queue = await start((key) => Promise.resolve(void done.push(key)));
    await queue.send('acme/shop#1', { after: 3_600_000 });
    await queue.send('acme/shop#2');
    await until(async () => (await queue.depth()) === 1);
    expect(done).toEqual(['acme/shop#2']);
    expect(await queue.age()).toBe(0);
    await queue.send('acme/shop#1');
    await idle(queue);
    expect(done).toEqual(['acme/shop#2', 'acme/shop#1']);
  });

  it('finishes the job in hand when it is drained, and begins no other', async () => {
    const busy = gate();
    const done: string[] = [];
    const queue = await start(
      async (key) => {
        await busy.wait;
        done.push(key);
      },
      { concurrency: 1 },
    );
    await queue.send('acme/shop#1');
    await until(async () => (await queue.counts()).running === 1);
    await queue.send('acme/shop#2');
    const drained = queue.drain(30_000);
    expect(queue.running).toBe(false);
    busy.open();
    await drained;
    expect(done).toEqual(['acme/shop#1']);
    expect(await store.query('SELECT key, owner FROM belay.work')).toEqual([{ key: 'acme/shop#2', owner: null }]);
  });

  it('gives back what cannot be finished in time, as if it had not been tried', async () => {
    const queue = await start((_key, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))));
    await queue.send('acme/shop#1');
    await until(async () => (await queue.counts()).running === 1);
    await queue.stop();
    const attempts: number[] = [];
    const next = await start((_key, _signal, { number }) => Promise.resolve(void attempts.push(number)));
    await idle(next);
    expect(attempts).toEqual([1]);
  });

  it('lets go of a job that does not even end when it is aborted', async () => {
    const stuck = await start(() => new Promise(() => undefined), { limits: { ...QUICK, jobMs: 100, graceMs: 100 } });
    await stuck.send('acme/shop#1');
    await until(async () => (await stuck.counts()).parked === 1);
    expect(await store.query('SELECT error FROM belay.work')).toEqual([{ error: 'The work took longer than 0 seconds.' }]);
  });

  it('takes up the work of a process that is gone', async () => {
    const done: string[] = [];
    await store.query(
      `INSERT INTO belay.work (key, account, claimed, owner, lease_until, sent_at)
       VALUES ('acme/shop#1', 'acme', 1, 'a dead process', now() - interval '1 second', now())`,
    );
    const queue = await start((key) => Promise.resolve(void done.push(key)));
    await idle(queue);
    expect(done).toEqual(['acme/shop#1']);
  });

  it('makes a pull request on which every process dies wait, so that the others come first', async () => {
    const done: string[] = [];
    await store.query(
      `INSERT INTO belay.work (key, account, claimed, crashes, owner, lease_until)
       VALUES ('acme/poison#1', 'acme', 1, 8, 'dead', now() - interval '1 second'), ('acme/poison#2', 'acme', 1, 14, 'dead', now() - interval '1 second')`,
    );
    const queue = await start((key) => Promise.resolve(void done.push(key)));
    await queue.send('acme/shop#3');
    const left = () => store.query('SELECT key, not_before > now() AS waits, parked_at IS NOT NULL AS parked FROM belay.work ORDER BY key');
    await until(async () => (await left()).length === 2);
    expect(done).toEqual(['acme/shop#3']);
    expect(await left()).toEqual([
      { key: 'acme/poison#1', waits: true, parked: false },
      { key: 'acme/poison#2', waits: true, parked: true },
    ]);
  });

  it('schedules as part of a transaction of somebody else, or not at all', async () => {
    const done: string[] = [];
    const queue = await start((key) => Promise.resolve(void done.push(key)));
    const failing = store.transaction(async (sql) => {
      await queue.enqueue(sql, ['acme/shop#1']);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await store.transaction((sql) => queue.enqueue(sql, ['acme/shop#2', 'acme/shop#2', 'acme/shop#3']));
    queue.wake();
    await idle(queue);
    expect([...done].sort()).toEqual(['acme/shop#2', 'acme/shop#3']);
  });

  it('works through far more than it can have in hand, each once', async () => {
    const done: string[] = [];
    const keys = Array.from({ length: 300 }, (_, number) => `acme/shop#${number + 1}`);
    const queue = await start((key) => Promise.resolve(void done.push(key)));
    await store.transaction((sql) => queue.enqueue(sql, keys));
    expect(await queue.depth()).toBeGreaterThan(200);
    queue.wake();
    await idle(queue);
    expect([...done].sort()).toEqual([...keys].sort());
  });

  it('runs a regular task at its start and goes on after it failed', async () => {
    const queue = await start(() => Promise.resolve());
    let runs = 0;
    queue.every(30, 'sweep', () => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve();
    });
    await until(() => runs >= 3);
  });

  it('refuses a key that names nothing', async () => {
    const queue = await start(() => Promise.resolve());
    await expect(queue.send('not a key')).rejects.toThrow(/Not a job key/);
  });
});

describe('several processes on one Postgres', () => {
  let stores: TestStores;
  beforeAll(async () => {
    stores = await testStores('postgres');
  });
  afterAll(() => stores.close());

  it('share the work, one of them at a time on each key and each regular task', async () => {
    const { store: first, place } = await stores.open();
    const { store: second } = await stores.open(place);
    const busy = new Set<string>();
    const done: string[] = [];
    const overlaps: string[] = [];
    const once = async (name: string, milliseconds: number) => {
      if (busy.has(name)) overlaps.push(name);
      busy.add(name);
      await delay(milliseconds);
      busy.delete(name);
      done.push(name);
    };
    const queues = await Promise.all(
      [first, second].map((store) => startQueue({ store, work: (key) => once(key, 5), concurrency: 3, log: memoryLog(), limits: QUICK })),
    );
    for (const queue of queues) queue.every(20, 'sweep', () => once('sweep', 30));
    const keys = Array.from({ length: 30 }, (_, number) => `acme/shop#${1 + (number % 10)}`);
    await Promise.all(keys.map(async (key, index) => queues[index % 2]?.send(key)));
    await until(async () => (await queues[0]?.counts())?.depth === 0 && done.filter((name) => name === 'sweep').length >= 2);
    await Promise.all(queues.map((queue) => queue.stop()));
    expect(overlaps).toEqual([]);
    expect(new Set(done.filter((name) => name !== 'sweep')).size).toBe(10);
  });

  it('take over from one that was killed', async () => {
    const { store } = await stores.open();
    await store.query(
      `INSERT INTO belay.work (key, account, claimed, owner, lease_until, sent_at)
       VALUES ('acme/shop#1', 'acme', 1, 'dying', now() + interval '2 seconds', now())`,
    );
    const done: string[] = [];
    const queue = await startQueue({ store, work: (key) => Promise.resolve(void done.push(key)), concurrency: 1, log: memoryLog(), limits: QUICK });
    await until(() => done.length === 1);
    await queue.stop();
    expect(done).toEqual(['acme/shop#1']);
  });

  it('go on after the server has cut every connection', async () => {
    const { store, place } = await stores.open();
    const { store: other } = await stores.open(place);
    const done: string[] = [];
    const queue = await startQueue({ store, work: (key) => Promise.resolve(void done.push(key)), concurrency: 2, log: memoryLog(), limits: QUICK });
    await queue.send('acme/shop#1');
    await until(() => done.length === 1);
    await other.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
    await until(() => queue.send('acme/shop#2').then(() => true, () => false));
    await until(() => done.includes('acme/shop#2'));
    await queue.stop();
  });
});
