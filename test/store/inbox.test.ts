import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Delivery, Translated } from '../../src/core/delivery.js';
import { NOTHING_ASKED } from '../../src/core/delivery.js';
import type { CommandRequest, ReviewRequest } from '../../src/core/records.js';
import type { Sql, Store } from '../../src/core/store.js';
import { dispatchInbox } from '../../src/store/dispatch-inbox.js';
import { openInbox } from '../../src/store/inbox.js';
import { prune } from '../../src/store/prune.js';
import { recordsOf } from '../../src/store/records.js';
import { finish, pendingFor } from '../../src/store/requests.js';
import { memoryLog } from './memory-log.js';
import { KINDS, testStores, type TestStores } from './test-stores.js';

const repo = { owner: 'Acme', name: 'Shop' };

function delivery(id: string, text = '{}'): Delivery {
  return { id, event: 'pull_request', payload: Buffer.from(text) };
}

function review(id: string, more: Partial<ReviewRequest> = {}): ReviewRequest {
  return { id, repo, pull: 7, headSha: 'a'.repeat(40), trigger: 'pushed', delivery: id, ...more };
}

function command(id: string, commentId: number, body = '/ai-review'): CommandRequest {
  return { id, repo, pull: 7, commentId, author: 'mo', authorIsBot: false, body, headSha: null, delivery: id };
}

describe.each(KINDS)('the inbox on %s', (kind) => {
  let stores: TestStores;
  let store: Store;
  beforeAll(async () => {
    stores = await testStores(kind);
    ({ store } = await stores.open());
  });
  afterAll(() => stores.close());
  beforeEach(() => store.exec('TRUNCATE belay.deliveries, belay.requests, belay.pushers'));

  const states = async () =>
    Object.fromEntries((await store.query<{ id: string; state: string }>('SELECT id, state FROM belay.deliveries')).map(({ id, state }) => [id, state]));
  const pass = (translate: (one: Delivery) => Translated, enqueue: (sql: Sql, keys: readonly string[]) => Promise<void> = () => Promise.resolve()) =>
    dispatchInbox({ store, translate, enqueue, log: memoryLog() });

  it('binds a command to the head that was known when it came, in one batch and across batches', async () => {
    const inbox = openInbox(store);
    const [first, second] = ['1'.repeat(40), '2'.repeat(40)];
    const asked: Readonly<Record<string, Translated>> = {
      d1: { ...NOTHING_ASKED, reviews: [review('r1', { headSha: first })] },
      d2: { ...NOTHING_ASKED, commands: [command('c1', 1)] },
      d3: { ...NOTHING_ASKED, reviews: [review('r2', { headSha: second })] },
      d4: { ...NOTHING_ASKED, commands: [command('c2', 2)] },
    };
    for (const id of ['d1', 'd2', 'd3']) await inbox.accept(delivery(id));
    await pass((one) => asked[one.id] ?? NOTHING_ASKED);
    await inbox.accept(delivery('d4'));
    await pass((one) => asked[one.id] ?? NOTHING_ASKED);
    const { commands } = await pendingFor(store, 'acme/shop#7');
    expect(commands.map(({ commentId, headSha }) => [commentId, headSha])).toEqual([[1, first], [2, second]]);
  });

  it('stores each delivery once, however often and however many at once it arrives', async () => {
    const inbox = openInbox(store);
    const outcomes = await Promise.all(Array.from({ length: 700 }, (_, index) => inbox.accept(delivery(`d-${index % 500}`))));
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(500);
    expect(await store.query('SELECT count(*) AS n FROM belay.deliveries')).toEqual([{ n: 500 }]);
    expect(await inbox.accept(delivery('d-1'))).toBe('duplicate');
  });

  it('keeps the received bytes, whatever they are', async () => {
    const payload = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await openInbox(store).accept({ id: 'bytes', event: 'ping', payload });
    const seen: Delivery[] = [];
    await pass((one) => {
      seen.push(one);
      return NOTHING_ASKED;
    });
    expect(seen.map(({ id, event, payload: bytes }) => [id, event, Buffer.from(bytes).toString('hex')])).toEqual([['bytes', 'ping', payload.toString('hex')]]);
  });

  it('lets one delivery that the database refuses fail alone', async () => {
    const inbox = openInbox(store);
    const outcomes = await Promise.allSettled(['fine-1', 'null\0character', 'fine-2'].map((id) => inbox.accept(delivery(id))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(Object.keys(await states()).sort()).toEqual(['fine-1', 'fine-2']);
  });

  it('turns a delivery into requests, pushers and scheduled work in one go', async () => {
    await openInbox(store).accept(delivery('one'));
    const scheduled: string[] = [];
    const outcome = await pass(
      () => ({ reviews: [review('one')], commands: [command('one-c', 55)], pushers: [{ repo, pull: 7, headSha: 'a'.repeat(40), login: 'Eve' }] }),
      (_sql, keys) => Promise.resolve(void scheduled.push(...keys)),
    );
    expect(outcome).toEqual({ taken: 1, keys: ['acme/shop#7'] });
    expect(scheduled).toEqual(['acme/shop#7']);
    expect(await states()).toEqual({ one: 'dispatched' });
    const pending = await pendingFor(store, 'acme/shop#7');
    expect(pending.reviews).toEqual([review('one')]);
    expect(pending.commands).toEqual([command('one-c', 55)]);
    expect(await recordsOf(store).pushers(repo, 7)).toEqual(new Set(['eve']));
    expect(await pass(() => NOTHING_ASKED)).toEqual({ taken: 0, keys: [] });
  });

  it('leaves everything as it was when scheduling fails', async () => {
    await openInbox(store).accept(delivery('later'));
    await expect(pass(() => ({ ...NOTHING_ASKED, reviews: [review('later')] }), () => Promise.reject(new Error('queue away')))).rejects.toThrow('queue away');
    expect(await states()).toEqual({ later: 'received' });
    expect((await pendingFor(store, 'acme/shop#7')).reviews).toEqual([]);
  });

  it('keeps a delivery it cannot understand from holding up the others, and takes it up again when it is delivered again', async () => {
    const inbox = openInbox(store);
    await Promise.all([inbox.accept(delivery('bad')), inbox.accept(delivery('good'))]);
    const translate = ({ id }: Delivery): Translated => {
      if (id === 'bad') throw new Error('no such field');
      return { ...NOTHING_ASKED, reviews: [review(id)] };
    };
    for (let round = 0; round < 5; round += 1) {
      await pass(translate);
      await store.query('UPDATE belay.deliveries SET retry_at = now()');
    }
    expect(await states()).toEqual({ bad: 'failed', good: 'dispatched' });
    expect(await inbox.accept(delivery('bad'))).toBe('stored');
    await pass(() => NOTHING_ASKED);
    expect(await states()).toEqual({ bad: 'dispatched', good: 'dispatched' });
  });

  it('carries a comment out once, whatever the number of deliveries that speak of it', async () => {
    const inbox = openInbox(store);
    await Promise.all([inbox.accept(delivery('c1')), inbox.accept(delivery('c2'))]);
    await pass(({ id }) => ({ ...NOTHING_ASKED, commands: [command(id, 99)] }));
    const { commands } = await pendingFor(store, 'acme/shop#7');
    expect(commands).toHaveLength(1);
    await finish(store, commands.map(({ id }) => id), 'answered');
    expect((await pendingFor(store, 'acme/shop#7')).commands).toEqual([]);
  });

  it('survives null characters and broken emoji in a comment', async () => {
    await openInbox(store).accept(delivery('odd'));
    await pass(() => ({ ...NOTHING_ASKED, commands: [command('odd', 5, 'a\0b\ud800c \u{1f600}')] }));
    expect((await pendingFor(store, 'acme/shop#7')).commands[0]?.body).toBe('a\ufffdb\ufffdc \u{1f600}');
  });

  it('keeps merge groups apart from pull requests', async () => {
    await openInbox(store).accept(delivery('mg'));
    const group = review('mg', { pull: null, headSha: 'b'.repeat(40), baseSha: 'c'.repeat(40), baseBranch: 'main', trigger: 'merge-group' });
    const { keys } = await pass(() => ({ ...NOTHING_ASKED, reviews: [group] }));
    expect(keys).toEqual([`acme/shop@${'b'.repeat(40)}`]);
    expect((await pendingFor(store, keys[0] ?? '')).reviews).toEqual([group]);
  });

  it('forgets what is old, and only that', async () => {
    const inbox = openInbox(store);
    await Promise.all(['old', 'new', 'unread'].map((id) => inbox.accept(delivery(id))));
    await pass(({ id }) => ({ ...NOTHING_ASKED, reviews: [review(id)] }));
    await store.query("UPDATE belay.deliveries SET finished_at = now() - interval '9 days' WHERE id = 'old'");
    await store.query("UPDATE belay.deliveries SET state = 'received', finished_at = NULL, received_at = now() - interval '90 days' WHERE id = 'unread'");
    await store.query("UPDATE belay.requests SET received_at = now() - interval '15 days' WHERE id = 'old'");
    await prune(store, memoryLog());
    expect(await states()).toEqual({ new: 'dispatched', unread: 'received' });
    expect((await pendingFor(store, 'acme/shop#7')).reviews.map(({ id }) => id)).toEqual(['new', 'unread']);
  });
});
