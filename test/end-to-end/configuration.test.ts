import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { GitHub } from '../support/github/start-github.js';
import type { OpenedPull } from '../support/github/user.js';
import { LOCKING_INDEX, SHOP_FILES, reviewed, said, shop, startShops } from './shop.js';
import { startBelay, until, type Belay } from './start-belay.js';

// A story waits for real work; only a broken server takes nearly so long.
jest.setTimeout(600_000);

const without = (configuration: string | null) => {
  const { '.github/belay.yml': _, ...files } = SHOP_FILES;
  return configuration === null ? files : { ...files, '.github/belay.yml': configuration };
};

describe('configuration', () => {
  let github: GitHub;
  let belay: Belay;

  beforeAll(async () => {
    github = await startShops([
      { name: 'acme/.github', files: { '.github/belay.yml': 'version: 1\ndatabase: { target: postgres@16 }\nrules: { rollback/plan-missing: warn }\nloosen: [mode]\n' } },
      shop('plain', { files: without(null) }),
      shop('observing', { files: without('version: 1\nmode: observe\n') }),
      shop('quiet', { files: without('version: 1\nrules: { migrations/index-not-concurrent: warn }\n') }),
      shop('broken', { files: without('version: 1\nrules:\n  migrations/index-not-concurent: warn\n') }),
      shop('later', { installed: false }),
    ]);
    belay = await startBelay(github);
  });

  afterAll(async () => {
    await belay.stop();
    const { violations, accidents } = github.state;
    await github.close();
    expect({ violations, accidents }).toEqual({ violations: [], accidents: [] });
  });

  async function open(name: string, title = 'An index'): Promise<OpenedPull> {
    const alice = github.user('alice');
    const repository = github.repository(`acme/${name}`);
    await alice.push(repository, 'index', LOCKING_INDEX);
    return alice.openPull(repository, 'index', { title });
  }

  it('of the organisation holds where a repository has none', async () => {
    const run = await reviewed(belay, await open('plain', 'hotfix: an index'));
    expect(run.conclusion).toBe('failure');
    const row = (rule: string): string => (run.summary ?? '').split('\n').find((line) => line.startsWith('|') && line.includes(rule)) ?? '';
    expect(row('migrations/index-not-concurrent')).toContain('blocks');
    expect(row('rollback/plan-missing')).toContain('warning');
  });

  it('may only observe where the organisation lets it: neutral, saying what it would have been', async () => {
    const run = await reviewed(belay, await open('observing'));
    expect(run.conclusion).toBe('neutral');
    expect(`${run.title ?? ''} ${run.summary ?? ''}`).toMatch(/would/);
    expect(run.summary).toContain('migrations/index-not-concurrent');
  });

  it('lowers no rule against the organisation, and says so', async () => {
    const run = await reviewed(belay, await open('quiet'));
    expect(run.conclusion).toBe('failure');
    expect(`${run.summary ?? ''}${run.text ?? ''}`).toMatch(/loosen/);
  });

  it('that is wrong is named with file, line and what to change', async () => {
    const run = await reviewed(belay, await open('broken'));
    const text = `${run.title ?? ''}\n${run.summary ?? ''}\n${run.text ?? ''}`;
    expect(text).toContain('.github/belay.yml');
    expect(text).toMatch(/line 3|:3\b/);
    expect(text).toContain('migrations/index-not-concurrent');
    expect(run.conclusion).toBe('failure');
  });

  it('is not needed to catch up with a repository that is given to the App later', async () => {
    const opened = await open('later');
    await belay.idle();
    expect(said(opened).runs).toEqual([]);
    await github.user('mia').install(opened.repository);
    await until('the open pull request is found', belay.log, () => said(opened).runs.length === 1);
    expect((await reviewed(belay, opened)).conclusion).toBe('failure');
  });
});
