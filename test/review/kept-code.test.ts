/** A head that was reviewed before is judged by its new words as if it had never been seen, without its code being read again. */
import { describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { EMPTY_PULL, type Change, type ChangeSet, type Pull } from '../../src/core/change-set.js';
import { defaultConfig } from '../../src/core/default-config.js';
import { diffTexts } from '../../src/core/hunks.js';
import type { History } from '../../src/core/history.js';
import { matchesAny } from '../../src/core/globs.js';
import type { Snapshot } from '../../src/core/snapshot.js';
import type { Verdict } from '../../src/core/verdict.js';
import { createKeptCode, type KeptCode } from '../../src/review/kept-code.js';
import { review } from '../../src/review/review.js';
import type { ReviewInput } from '../../src/review/review-input.js';
import { rules } from '../../src/rules/registry.generated.js';
import { findFixtures, readFixture, type Fixture } from '../rules/fixture.js';
import { runFixture } from '../rules/run-fixture.js';

const FIXTURES = fileURLToPath(new URL('../rules/', import.meta.url));
const BEFORE: Readonly<Record<string, string>> = { 'db/migrations/0001_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);\n', 'fly.toml': 'app = "shop"\n', 'src/take.ts': 'export const take = 1;\n' };
const AFTER: Readonly<Record<string, string>> = {
  ...BEFORE,
  'db/migrations/0002_email.sql': 'CREATE INDEX users_email ON users (email);\n',
  'src/take.ts': [
    "import { PrismaClient } from '@prisma/client';",
    'export async function take(prisma: PrismaClient, id: string, amount: number) {',
    '  const row = await prisma.account.findUnique({ where: { id } });',
    "  if (!row || row.balance < amount) throw new Error('not enough');",
    '  await prisma.account.update({ where: { id }, data: { balance: row.balance - amount } });',
    '}',
    '',
  ].join('\n'),
};
const PLAN = '## Rollback plan\n`fly deploy --image shop:41` when the error rate is above 2 % for 5 minutes; the index may stay. Owner: @ada, 4 minutes.';

/** A tree that counts how often it is looked at; `broken` once it cannot be. */
class Tree implements Snapshot {
  looks = 0;
  broken = false;
  constructor(readonly ref: string, private readonly files: Readonly<Record<string, string>>) {}
  list(globs: readonly string[]): Promise<readonly string[]> {
    this.look();
    return Promise.resolve(Object.keys(this.files).filter(matchesAny(globs)).sort());
  }
  read(path: string): Promise<string | null> {
    this.look();
    return Promise.resolve(this.files[path] ?? null);
  }
  private look(): void {
    this.looks += 1;
    if (this.broken) throw new Error('the tree is out of reach');
  }
}

const [BASE, HEAD] = ['b'.repeat(40), 'a'.repeat(40)];

function changesTo(after: Readonly<Record<string, string>>): readonly Change[] {
  return Object.entries(after).flatMap(([path, text]) => (BEFORE[path] === text ? [] : [{ path, status: BEFORE[path] === undefined ? ('added' as const) : ('modified' as const), before: BEFORE[path] ?? null, after: text, ...diffTexts(BEFORE[path] ?? null, text) }]));
}

function stage(kept: KeptCode) {
  const [base, head] = [new Tree(BASE, BEFORE), new Tree(HEAD, AFTER)];
  const look = async (words: Partial<Pull>, more: Partial<ReviewInput> = {}): Promise<{ readonly verdict: Verdict; readonly looks: number; readonly functions: number }> => {
    const earlier = base.looks + head.looks;
    const changeSet: ChangeSet = { repo: { owner: 'acme', name: 'shop' }, baseSha: BASE, mergeBaseSha: BASE, headSha: HEAD, pull: { ...EMPTY_PULL, number: 1, author: 'ada', headBranch: 'hotfix/take', baseBranch: 'main', defaultBranch: 'main', title: 'Hotfix: take', ...words }, changes: changesTo(AFTER), unread: [] };
    const { verdict, stats } = await review({ changeSet, base, head, config: defaultConfig(), rules, notices: [], mishaps: [], acceptances: [], override: null, ask: null, whyNotAsked: null, prompts: new Map(), signal: new AbortController().signal, kept, ...more });
    return { verdict, looks: base.looks + head.looks - earlier, functions: stats.functions };
  };
  return { base, head, look };
}

const idsOf = (verdict: Verdict): readonly string[] => verdict.entries.map(({ finding }) => finding.ruleId).sort();
const CODE = ['concurrency/check-then-act', 'migrations/index-not-concurrent'];

describe('an edit of the description', () => {
  it('is judged, the code is said again, and no tree is looked at', async () => {
    const { look } = stage(createKeptCode());
    const first = await look({ body: 'Fixes it.' });
    expect(idsOf(first.verdict)).toEqual(expect.arrayContaining([...CODE, 'rollback/plan-missing']));
    const edited = await look({ body: PLAN });
    expect(idsOf(edited.verdict)).toEqual(expect.arrayContaining(CODE));
    expect(idsOf(edited.verdict)).not.toContain('rollback/plan-missing');
    expect([first.looks > 0, edited.looks, edited.functions]).toEqual([true, 0, first.functions]);
    expect(edited.verdict).toEqual((await stage(createKeptCode()).look({ body: PLAN })).verdict);
    const relabelled = await look({ body: PLAN, title: 'Take', headBranch: 'take', labels: ['fix'] });
    expect([idsOf(relabelled.verdict).filter((id) => id.startsWith('rollback/')), relabelled.looks]).toEqual([[], 0]);
  });

  it('has the code judged again where the configuration, the base or the files are others', async () => {
    const kept = createKeptCode();
    const { look } = stage(kept);
    await look({});
    const off = await look({}, { config: { ...defaultConfig(), tables: new Map([['users', { small: true }]]) } });
    expect(off.looks).toBeGreaterThan(0);
    expect(idsOf(off.verdict)).not.toContain('migrations/index-not-concurrent');
    const onlyCode = changesTo(AFTER).filter(({ path }) => path.endsWith('.ts'));
    const other = await review({ changeSet: { repo: { owner: 'acme', name: 'shop' }, baseSha: BASE, mergeBaseSha: BASE, headSha: HEAD, pull: EMPTY_PULL, changes: onlyCode, unread: [] }, base: new Tree(BASE, BEFORE), head: new Tree(HEAD, AFTER), config: defaultConfig(), rules, notices: [], mishaps: [], acceptances: [], override: null, ask: null, whyNotAsked: null, prompts: new Map(), signal: new AbortController().signal, kept });
    expect(idsOf(other.verdict)).toEqual(['concurrency/check-then-act']);
  });

  it('keeps nothing of a review in which something of ours went wrong', async () => {
    const { look, base } = stage(createKeptCode());
    base.broken = true;
    const failed = await look({}).catch((error: unknown) => error);
    base.broken = false;
    const again = await look({ body: PLAN });
    expect(failed instanceof Error || (failed as { verdict: Verdict }).verdict.mishaps.length > 0).toBe(true);
    expect(again.looks).toBeGreaterThan(0);
    expect([again.verdict.mishaps, idsOf(again.verdict)]).toEqual([[], expect.arrayContaining(CODE)]);
  });

  it('that makes it an exact revert lets it pass, and one that unmakes it does not', async () => {
    const sha = 'c'.repeat(40);
    const inverse = changesTo(AFTER).map((change) => ({ ...change, before: change.after, after: change.before, status: change.before === null ? ('removed' as const) : ('modified' as const), ...diffTexts(change.after, change.before) }));
    const history: History = { merged: async () => Promise.resolve({ sha, parentSha: 'd'.repeat(40) }), mergedPull: async () => Promise.resolve([]), changes: async () => Promise.resolve({ changes: inverse, unread: [] }), tree: async () => Promise.resolve(null), objects: async () => Promise.resolve(null) };
    const { look } = stage(createKeptCode());
    const revert = { title: 'Hotfix: undo', body: `This reverts commit ${sha}.` };
    expect(idsOf((await look({ body: 'Fixes it.' }, { history })).verdict)).toEqual(expect.arrayContaining(CODE));
    expect((await look(revert, { history })).verdict).toMatchObject({ conclusion: 'success', entries: [] });
    expect(idsOf((await look({ body: 'Fixes it.' }, { history })).verdict)).toEqual(expect.arrayContaining(CODE));
    const afresh = stage(createKeptCode());
    expect((await afresh.look(revert, { history })).verdict.conclusion).toBe('success');
    expect(idsOf((await afresh.look({ body: 'Fixes it.' }, { history })).verdict)).toEqual(expect.arrayContaining(CODE));
  });

  it('leaves room: what was not asked for the longest goes first', async () => {
    const kept = createKeptCode(50_000);
    const { look } = stage(kept);
    await look({});
    const seen = { sightings: new Map(), notices: [], unread: [], functions: 0, changed: [], judged: [], head: new Map([['fly.toml', 'x'.repeat(30_000)]]), base: new Map<string, string>(), proof: null };
    for (const key of ['one', 'two']) kept.write(key, seen);
    expect([kept.read('one') === null, kept.read('two') === null, (await look({})).looks > 0]).toEqual([true, false, true]);
  });
});

describe('every fixture about the pull request, its code seen before under other words', () => {
  const fixtures = findFixtures(FIXTURES).filter(({ name }) => name.startsWith('rollback/') || name.startsWith('review/'));

  it.each(fixtures.map(({ name }) => [name]))('%s is judged alike', async (name) => {
    const fixture = readFixture(FIXTURES, name);
    const kept = createKeptCode();
    const others: Fixture = { ...fixture, pull: { ...fixture.pull, title: 'Something', body: '', labels: [], head: 'something', base: 'main' } };
    await runFixture(others, rules, { kept });
    expect((await runFixture(fixture, rules, { kept })).verdict).toEqual((await runFixture(fixture, rules)).verdict);
    expect((await runFixture(others, rules, { kept })).verdict).toEqual((await runFixture(others, rules)).verdict);
  });
});
