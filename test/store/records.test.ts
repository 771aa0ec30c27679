import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NO_USAGE } from '../../src/core/model.js';
import type { Store } from '../../src/core/store.js';
import { markerKeys } from '../../src/store/marker-keys.js';
import { DEFAULT_RETENTION, prune } from '../../src/store/prune.js';
import { recordsOf } from '../../src/store/records.js';
import { bookUsage, spent } from '../../src/store/usage.js';
import { memoryLog } from './memory-log.js';
import { KINDS, testStores, type TestStores } from './test-stores.js';

const repo = { owner: 'acme', name: 'shop' };
const head = 'a'.repeat(40);

describe.each(KINDS)('records on %s', (kind) => {
  let stores: TestStores;
  let store: Store;
  beforeAll(async () => {
    stores = await testStores(kind);
    ({ store } = await stores.open());
  });
  afterAll(() => stores.close());

  it('remember dismissals per pull request, whatever the case of the repository name', async () => {
    const records = recordsOf(store);
    await records.dismiss({ owner: 'ACME', name: 'Shop' }, 1, 'f1', 'mo', 'test data only');
    await records.dismiss(repo, 1, 'f1', 'jo', 'again');
    expect(await records.dismissals(repo, 1)).toEqual(new Set(['f1']));
    expect(await records.dismissals(repo, 2)).toEqual(new Set());
  });

  it('bind acceptances and overrides to one head', async () => {
    const records = recordsOf(store);
    const acceptance = { ruleId: 'migrations/rename', headSha: head, by: 'jo', reason: 'maintenance window' };
    const override = { headSha: head, by: 'lead', reason: 'incident 12', at: '2026-03-01T10:00:00.000Z' };
    await records.accept(repo, 1, acceptance);
    await records.recordOverride(repo, 1, override);
    expect(await records.acceptances(repo, 1, head)).toEqual([acceptance]);
    expect(await records.override(repo, 1, head)).toEqual(override);
    expect(await records.acceptances(repo, 1, 'b'.repeat(40))).toEqual([]);
    expect(await records.override(repo, 1, 'b'.repeat(40))).toBeNull();
    expect(await records.override(repo, 2, head)).toBeNull();
  });

  it('pause and resume a pull request', async () => {
    const records = recordsOf(store);
    expect(await records.paused(repo, 1)).toBe(false);
    await records.setPaused(repo, 1, true, 'mo');
    await records.setPaused(repo, 1, true, 'mo');
    expect(await records.paused(repo, 1)).toBe(true);
    await records.setPaused(repo, 1, false, 'mo');
    expect(await records.paused(repo, 1)).toBe(false);
  });

  it('know everybody who pushed, in lower case', async () => {
    const records = recordsOf(store);
    await records.recordPusher(repo, 3, head, 'Eve');
    await records.recordPusher(repo, 3, 'b'.repeat(40), 'mallory');
    expect(await records.pushers(repo, 3)).toEqual(new Set(['eve', 'mallory']));
  });

  it('keep the last valid configuration of a branch', async () => {
    const records = recordsOf(store);
    expect(await records.lastValidConfig(repo, 'main')).toBeNull();
    await records.recordValidConfig(repo, 'main', 'version: 1\n');
    await records.recordValidConfig(repo, 'main', 'version: 1\nmode: observe\n');
    expect(await records.lastValidConfig(repo, 'main')).toBe('version: 1\nmode: observe\n');
  });

  it('cache any text exactly, drop the least recently used first, and refuse giants', async () => {
    const records = recordsOf(store);
    const odd = 'null \0 character, \u{1f600}';
    await records.cache('odd', odd);
    expect(await records.cached('odd')).toBe(odd);
    await records.cache('giant', 'x'.repeat(2_000_001));
    expect(await records.cached('giant')).toBeNull();
    for (const key of ['one', 'two', 'three']) await records.cache(key, key.repeat(100));
    await store.query("UPDATE belay.cache SET used_at = now() - interval '3 hours' WHERE key IN ('one', 'odd')");
    expect(await records.cached('one')).toBe('one'.repeat(100));
    await store.query("UPDATE belay.cache SET used_at = now() - interval '2 hours' WHERE key = 'two'");
    await prune(store, memoryLog(), { ...DEFAULT_RETENTION, cacheBytes: 900 });
    expect((await store.query<{ key: string }>('SELECT key FROM belay.cache ORDER BY key')).map(({ key }) => key)).toEqual(['one', 'three']);
  });

  it('add up what the model cost per pull request, repository and month', async () => {
    const usage = { ...NO_USAGE, calls: 1, inputTokens: 1000, outputTokens: 50, dollars: 0.1 };
    const march = new Date('2026-03-31T23:59:59Z');
    await bookUsage(store, { repo, pull: 1, question: 'edge-cases', model: 'some-model' }, usage, march);
    await bookUsage(store, { repo, pull: 1 }, { ...usage, dollars: 0.2 }, march);
    await bookUsage(store, { repo, pull: 2 }, { ...usage, dollars: 0.4 }, march);
    await bookUsage(store, { repo: { owner: 'other', name: 'one' }, pull: 1 }, { ...usage, dollars: 0.8 }, march);
    await bookUsage(store, { repo, pull: null }, { ...usage, dollars: 1.6 }, new Date('2026-04-01T00:00:00Z'));
    expect(await spent(store, { repo, pull: 1 }, march)).toEqual({ pull: 0.3, repositoryMonth: 0.7, month: 1.5 });
    expect(await spent(store, { repo, pull: null }, new Date('2026-04-02T00:00:00Z'))).toEqual({ pull: 1.6, repositoryMonth: 1.6, month: 1.6 });
  });
});

describe('the keys that sign markers', () => {
  const pem = (type: 'pkcs1' | 'pkcs8', key: ReturnType<typeof generateKeyPairSync>['privateKey']) => key.export({ type, format: 'pem' }).toString();
  const first = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const second = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  let stores: TestStores;
  beforeAll(async () => {
    stores = await testStores('embedded');
  });
  afterAll(() => stores.close());

  it('are the same after the store was lost, and in either spelling of the private key', async () => {
    const one = await stores.open();
    const before = await markerKeys(one.store, { privateKeyPem: pem('pkcs1', first) });
    await one.store.close();
    const { store } = await stores.open();
    const after = await markerKeys(store, { privateKeyPem: pem('pkcs8', first).replaceAll('\n', '\r\n') });
    expect(after).toEqual(before);
    expect(after.older).toEqual([]);
    expect(after.current.secret).toHaveLength(32);
  });

  it('keep verifying what an earlier private key signed', async () => {
    const { store } = await stores.open();
    const old = await markerKeys(store, { privateKeyPem: pem('pkcs1', first) });
    const now = await markerKeys(store, { privateKeyPem: pem('pkcs1', second) });
    expect(now.current.id).not.toBe(old.current.id);
    expect(now.older).toEqual([old.current]);
  });

  it('say what is wrong with a key that cannot be read', async () => {
    const { store } = await stores.open();
    await expect(markerKeys(store, { privateKeyPem: 'not a key' })).rejects.toThrow(/private key cannot be read: it must be the whole PEM text/);
  });
});
