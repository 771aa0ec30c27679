import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { FileMap } from '../support/github/git-writing.js';
import type { GitHub } from '../support/github/start-github.js';
import type { OpenedPull } from '../support/github/user.js';
import type { IssueComment } from '../support/github/world.js';
import { HARMLESS, LOCKING_INDEX, reviewed, said, shop, startShops, verdict } from './shop.js';
import { startBelay, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(600_000);

describe('commands in comments', () => {
  let github: GitHub;
  let belay: Belay;

  beforeAll(async () => {
    github = await startShops(['override', 'accept', 'stranger', 'words', 'dismiss', 'pause', 'waiver'].map((name) => shop(name)));
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
    await alice.push(repository, 'index', files);
    const opened = await alice.openPull(repository, 'index');
    await reviewed(belay, opened);
    return opened;
  }

  async function say(login: string, opened: OpenedPull, body: string): Promise<IssueComment> {
    const comment = await github.user(login).comment(opened, body);
    await belay.idle();
    return comment;
  }

  const reactions = (comment: IssueComment): readonly string[] => comment.reactions.map((reaction) => reaction.content);
  /** Of the newest run, once everything is quiet. */
  const conclusion = async (opened: OpenedPull): Promise<string | null> => (await verdict(belay, opened)).conclusion;
  const push = async (opened: OpenedPull, files: FileMap): Promise<void> => {
    await github.user('alice').push(opened.repository, 'index', files);
    await reviewed(belay, opened);
  };

  it('lets a maintainer override this commit, and no later one, in everybody’s sight', async () => {
    const opened = await open('override');
    expect(await conclusion(opened)).toBe('failure');
    expect(reactions(await say('alice', opened, '/ai-review override we are in a hurry'))).toEqual(['-1']);
    expect(await conclusion(opened)).toBe('failure');
    expect(reactions(await say('mia', opened, '/ai-review override checkout is down, users is empty'))).toEqual(['+1']);
    const run = await verdict(belay, opened);
    expect(run.conclusion).toBe('success');
    expect(run.summary).toContain('mia');
    expect(run.summary).toContain('checkout is down, users is empty');
    await push(opened, HARMLESS);
    expect(await conclusion(opened)).toBe('failure');
  });

  it('lets only a second person with write access accept a rule', async () => {
    const opened = await open('accept');
    const rule = 'migrations/index-not-concurrent';
    expect(reactions(await say('alice', opened, `/ai-review accept ${rule} it is fine`))).toEqual(['-1']);
    expect(await conclusion(opened)).toBe('failure');
    expect(reactions(await say('rita', opened, `/ai-review accept ${rule} it is fine`))).toEqual([]);
    expect(reactions(await say('bob', opened, '/ai-review accept migrations/index-not-concurrnt typo'))).toEqual(['confused']);
    expect(reactions(await say('bob', opened, `/ai-review accept ${rule}`))).toEqual(['confused']);
    expect(await conclusion(opened)).toBe('failure');
    expect(reactions(await say('bob', opened, `/ai-review accept ${rule} the table is tiny`))).toEqual(['+1']);
    const run = await verdict(belay, opened);
    expect(run.conclusion).toBe('success');
    expect(`${run.summary ?? ''}${run.text ?? ''}`).toContain('the table is tiny');
  });

  it('asks for a second person behind a waiver that comes with the change', async () => {
    const opened = await open('waiver', { 'db/migrations/0002_users_email.sql': '-- belay-accept: migrations/index-not-concurrent -- nobody writes at night\nCREATE INDEX users_email_idx ON users (email);\n' });
    expect(await conclusion(opened)).toBe('failure');
    await say('alice', opened, '/ai-review accept migrations/index-not-concurrent I said so');
    expect(await conclusion(opened)).toBe('failure');
    await say('bob', opened, '/ai-review accept migrations/index-not-concurrent confirmed');
    expect(await conclusion(opened)).toBe('success');
  });

  it('does nothing for strangers, readers and bots, and says nothing either', async () => {
    const opened = await open('stranger');
    const before = said(opened);
    for (const login of ['mallory', 'rita', 'evil[bot]']) {
      expect(reactions(await say(login, opened, '/ai-review override please'))).toEqual([]);
      expect(reactions(await say(login, opened, '/ai-review'))).toEqual([]);
    }
    expect(said(opened)).toEqual(before);
    expect(await conclusion(opened)).toBe('failure');
  });

  it('answers questions once, and a wrong word with help', async () => {
    const opened = await open('words');
    const id = /\b([0-9a-f]{7})\b/.exec(said(opened).inline[0]?.body.replaceAll(/<!--[\s\S]*?-->/g, '') ?? '')?.[1] ?? '';
    await say('alice', opened, '/ai-review help');
    await say('alice', opened, 'I think `/ai-review help` shows the words.');
    await say('alice', opened, `/ai-review explain ${id}`);
    await say('alice', opened, '/ai-review frobnicate');
    const edited = await say('alice', opened, 'hello');
    await github.user('alice').editComment(opened, edited, '/ai-review help');
    await belay.idle();
    const answers = said(opened).comments.map((comment) => comment.body);
    expect(answers).toHaveLength(3);
    expect(answers[0]).toContain('/ai-review override');
    expect(answers[1]).toContain('users');
    expect(answers[2]).toContain('frobnicate');
    expect(said(opened).runs).toHaveLength(1);
  });

  it('never brings back a dismissed comment, and keeps the verdict', async () => {
    const opened = await open('dismiss');
    const [comment] = said(opened).inline;
    const id = /\b([0-9a-f]{7})\b/.exec(comment?.body.replaceAll(/<!--[\s\S]*?-->/g, '') ?? '')?.[1] ?? '';
    expect(reactions(await say('alice', opened, `/ai-review dismiss ${id} we know`))).toEqual(['+1']);
    expect(await conclusion(opened)).toBe('failure');
    await push(opened, HARMLESS);
    expect(await conclusion(opened)).toBe('failure');
    expect(said(opened).inline).toHaveLength(1);
  });

  it('is silent while paused and keeps the check going', async () => {
    const opened = await open('pause', HARMLESS);
    expect(reactions(await say('bob', opened, '/ai-review pause'))).toEqual(['+1']);
    await push(opened, LOCKING_INDEX);
    expect(await conclusion(opened)).toBe('failure');
    expect(said(opened).inline).toEqual([]);
    await say('bob', opened, '/ai-review resume');
    expect(said(opened).inline).toHaveLength(1);
  });
});
