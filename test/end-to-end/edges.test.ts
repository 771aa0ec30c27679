import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { signBody } from '../support/github/deliveries.js';
import { writeCommit } from '../support/github/git-writing.js';
import type { FileMap } from '../support/github/git-writing.js';
import type { GitHub } from '../support/github/start-github.js';
import type { OpenedPull } from '../support/github/user.js';
import { HARMLESS, LOCKING_INDEX, SET_NOT_NULL, reviewed, said, shop, startShops } from './shop.js';
import { startBelay, until, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(600_000);

describe('unusual pull requests', () => {
  let github: GitHub;
  let belay: Belay;

  beforeAll(async () => {
    github = await startShops(['early', 'minimal', 'orphan', 'empty', 'gone', 'moved', 'crlf', 'conflict', 'long', 'parallel', 'unknown'].map((name) => shop(name)));
    belay = await startBelay(github);
  });

  afterAll(async () => {
    await belay.stop();
    const { violations, accidents } = github.state;
    await github.close();
    expect({ violations, accidents }).toEqual({ violations: [], accidents: [] });
  });

  async function open(name: string, files: FileMap = LOCKING_INDEX): Promise<OpenedPull> {
    const alice = github.user('alice');
    const repository = github.repository(`acme/${name}`);
    await alice.push(repository, 'work', files);
    return alice.openPull(repository, 'work');
  }

  it('are found although their event comes before GitHub knows them', async () => {
    github.addFault({ on: { method: 'GET', path: /acme\/early\/pulls\/1$/ }, fault: { kind: 'missing' } });
    const opened = await open('early');
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
  });

  it('are reviewed from an event that says little', async () => {
    github.hold();
    const opened = await open('minimal');
    github.discard();
    await github.deliver('pull_request', {
      action: 'opened',
      number: 1,
      pull_request: { number: 1, state: 'open', head: { sha: opened.pull.headSha, ref: 'work' }, base: { ref: 'main', sha: opened.pull.baseSha } },
      repository: { id: opened.repository.id, name: 'minimal', full_name: 'acme/minimal', owner: { login: 'acme', id: opened.repository.owner.id }, default_branch: 'main' },
      installation: { id: github.state.installations[0]?.id },
      sender: { login: 'alice', id: 1, type: 'User' },
    });
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
  });

  it('of no common history get an honest verdict', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/orphan');
    const author = { name: 'alice', email: 'alice@example.com', date: '2025-01-01T00:00:00Z' };
    const sha = await writeCommit(repository.directory, { files: LOCKING_INDEX, message: 'Another beginning', parents: [], author });
    await alice.pushTo(repository, 'work', sha);
    const opened = await alice.openPull(repository, 'work');
    expect((await reviewed(belay, opened)).conclusion).not.toBe('success');
  });

  it('without any change pass', async () => {
    const opened = await open('empty', {});
    expect((await reviewed(belay, opened)).conclusion).toBe('success');
  });

  it('are reviewed although their fork is gone', async () => {
    const mallory = github.user('mallory');
    const repository = github.repository('acme/gone');
    const fork = await mallory.fork(repository);
    await mallory.push(fork, 'work', LOCKING_INDEX);
    github.hold();
    const opened = await mallory.openPull(repository, 'work', { from: fork });
    opened.pull.headRepositoryDeleted = true;
    github.state.repositories.delete('mallory/gone');
    await github.release();
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
  });

  it('that move a file keep its comment', async () => {
    const opened = await open('moved');
    await reviewed(belay, opened);
    const [first] = said(opened).inline;
    await github.user('alice').push(opened.repository, 'work', { 'db/migrations/0002_users_email.sql': `-- Finds users by their address.\n${LOCKING_INDEX['db/migrations/0002_users_email.sql']}` });
    await reviewed(belay, opened);
    expect(said(opened).inline).toEqual([first]);
  });

  it('with Windows line ends and no last newline are anchored rightly', async () => {
    const opened = await open('crlf', { 'db/migrations/0002_i.sql': '-- one\r\n-- two\r\nCREATE INDEX users_email_idx ON users (email);' });
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
    expect(said(opened).inline.map((comment) => comment.originalLine)).toEqual([3]);
  });

  it('that conflict with their base are reviewed all the same', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/conflict');
    await alice.push(repository, 'work', { ...LOCKING_INDEX, 'README.md': '# Mine\n' });
    await alice.push(repository, 'main', { 'README.md': '# Theirs\n' });
    const opened = await alice.openPull(repository, 'work');
    expect(opened.pull.mergeCommitSha).toBeNull();
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
  });

  it('of many commits are read to the end', async () => {
    const alice = github.user('alice');
    const repository = github.repository('acme/long');
    const author = { name: 'alice', email: 'alice@users.noreply.example.com', date: '2025-01-01T00:00:00Z' };
    let tip = await alice.push(repository, 'work', LOCKING_INDEX);
    for (let index = 0; index < 120; index += 1) tip = await writeCommit(repository.directory, { files: { 'notes.md': `${String(index)}\n` }, message: `Note ${String(index)}`, parents: [tip], author });
    tip = await writeCommit(repository.directory, { files: SET_NOT_NULL, message: 'Last', parents: [tip], author: { ...author, name: 'bob', email: 'bob@users.noreply.example.com' } });
    await alice.pushTo(repository, 'work', tip);
    const opened = await alice.openPull(repository, 'work');
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
    expect(said(opened).inline).toHaveLength(2);
    // bob wrote the last commit: he is no second person.
    await github.user('bob').comment(opened, '/ai-review accept migrations/set-not-null fine');
    await belay.idle();
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
    expect(said(opened).comments).toHaveLength(1);
  });

  it('whose deliveries arrive twice in the same moment are reviewed once', async () => {
    github.hold();
    const opened = await open('parallel');
    const held = github.state.deliveries.filter((delivery) => delivery.status === 'pending' && delivery.event === 'pull_request' && delivery.repositoryId === opened.repository.id);
    const body = held[0]?.body ?? '';
    const send = (): Promise<number> =>
      fetch(`${belay.url}/api/github/webhooks`, { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-github-event': 'pull_request', 'x-github-delivery': held[0]?.guid ?? '', 'x-hub-signature-256': signBody(body, github.webhookSecret) } }).then((answer) => answer.status);
    expect(await Promise.all(Array.from({ length: 8 }, send))).toEqual(Array(8).fill(202));
    await github.release();
    await reviewed(belay, opened);
    expect([said(opened).runs.length, said(opened).reviews.length]).toEqual([1, 1]);
  });

  it('are not disturbed by events that mean nothing', async () => {
    const opened = await open('unknown', HARMLESS);
    await reviewed(belay, opened);
    const before = github.state.requests.length;
    const around = { repository: { id: opened.repository.id, name: 'unknown', full_name: 'acme/unknown', owner: { login: 'acme' } }, installation: { id: github.state.installations[0]?.id }, sender: { login: 'alice' } };
    for (const [event, payload] of [['star', { action: 'created' }], ['pull_request', { action: 'invented', number: 1 }], ['pull_request', { action: 'opened' }], ['issue_comment', { action: 'created' }], ['check_run', { action: 'rerequested', check_run: null }], ['merge_group', { action: 'checks_requested', merge_group: {} }], ['push', { ref: 7 }]] as const) {
      await github.deliver(event, { ...payload, ...around });
    }
    await belay.idle();
    expect(github.state.deliveries.slice(-7).map((delivery) => delivery.statusCode)).toEqual(Array(7).fill(202));
    expect(github.state.requests.slice(before).filter((request) => request.method !== 'GET' && request.path.includes('/acme/unknown/'))).toEqual([]);
    await until('it is still alive', belay.log, async () => (await fetch(`${belay.url}/readyz`)).ok);
  });
});
