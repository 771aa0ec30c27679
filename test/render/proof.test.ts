import { describe, expect, it } from '@jest/globals';
import { checkRunOutput } from '../../src/render/check-run.js';
import { renderMarkdown } from '../../src/render/markdown.js';
import { proofMarkdown } from '../../src/render/proof-markdown.js';
import { proofSummary } from '../../src/render/proof-words.js';
import { renderProof, renderProofJson } from '../../src/render/proof.js';
import { renderTerminal } from '../../src/render/terminal.js';
import { migrationProof, proofReport, statement } from '../support/proof/reports.js';
import { HEADERS, report } from './reports.js';

const HEAVY = statement({
  line: 3,
  statement: 'ALTER TABLE users ALTER COLUMN id TYPE bigint',
  rewrite: ['public.users'],
  scan: ['public.users'],
  class: 'heavy',
  estimate: { relation: 'public.users', rows: 50_000_000, from: 'configuration', calibration: 'calibrated on one machine', milliseconds: [40_000, 310_000], queued: 350_000 },
});
const SOUND = proofReport([migrationProof({ statements: [statement(), HEAVY] })]);
const BROKEN = proofReport([
  migrationProof({
    reversible: false,
    differences: [{ object: 'index public.users_email_key', before: 'CREATE UNIQUE INDEX users_email_key ON public.users USING btree (email)', after: null }],
    dataLoss: [{ column: 'public.users.plan', rows: 3, of: 3 }],
    oldCode: [{ statement: 'SELECT plan FROM users', error: 'column "plan" does not exist', path: 'src/users.ts', line: 12 }],
  }),
]);

describe('a proof in a check run', () => {
  const context = { homepage: 'https://example.com/belay', headers: HEADERS };

  it('says in one sentence how it went, and tables every statement', () => {
    const { summary, text } = checkRunOutput({ ...report({}).verdict, proof: SOUND }, context);
    expect(summary).toContain('1 migration ran on Postgres 18.6, embedded: up, down, up: identical.');
    expect(text).toContain('| line | statement | locks | rewrites | reads whole | estimate, calibrated on one machine | verdict |');
    expect(text).toMatch(/\| 3 \| `ALTER TABLE users ALTER COLUMN id TYPE bigint` \| `public.users` AccessExclusive \| `public.users` \| `public.users` \| 40 s–5 min at 50,000,000 rows \(configuration\).*350,000 requests wait \| heavy: blocks reads and writes of public.users \|/);
  });

  it('names what down does not restore and what it loses', () => {
    const { text } = checkRunOutput({ ...report({}).verdict, proof: BROKEN }, context);
    expect(text).toContain('**down does not lead back**');
    expect(text).toContain('missing afterwards: `index public.users_email_key`');
    expect(text).toContain('3 of 3 seeded values of `public.users.plan` are lost or changed');
    expect(text).toContain('the code before would fail: `SELECT plan FROM users` (`src/users.ts:12`)');
  });

  it('tells no times of the run, so that it is the same twice', () => {
    const slow = proofReport(SOUND.migrations.map((one) => ({ ...one, statements: one.statements.map((each) => ({ ...each, milliseconds: 9999 })) })));
    expect(proofMarkdown(slow, 20_000)).toBe(proofMarkdown(SOUND, 20_000));
  });

  it('says plainly what is unproven and why', () => {
    const lost = proofReport([migrationProof({ status: 'unproven', reason: 'it took more than 20 seconds', statements: [], reversible: null })]);
    expect(checkRunOutput({ ...report({}).verdict, proof: lost }, context).summary).toContain('is unproven: it took more than 20 seconds.');
    expect(proofSummary(proofReport([...lost.migrations, ...SOUND.migrations]))).toMatch(/^1 migration ran on .*: up, down, up: identical\. `db\/migrations\/0002_plan\.up\.sql` is unproven/);
  });

  it('stays within its room, however much there is', () => {
    const long = statement({ statement: `ALTER TABLE users ADD COLUMN ${'x'.repeat(5000)} text`, locks: Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`public.t${index}`, 'AccessExclusiveLock'])) });
    const many = proofReport(Array.from({ length: 300 }, () => migrationProof({ statements: Array.from({ length: 200 }, () => long), differences: Array.from({ length: 50 }, () => ({ object: 'column '.repeat(500), before: 'a'.repeat(9000), after: null })), reversible: false })));
    const { text, summary } = checkRunOutput({ ...report({}).verdict, proof: many }, context);
    expect(text.length).toBeLessThan(21_000);
    expect(summary.length).toBeLessThan(5000);
    expect(text).toMatch(/more migrations are left out for want of room/);
  });

  it('shows hostile words as words', () => {
    const evil = proofReport([
      migrationProof({
        path: 'db/`|<img>@octocat.sql',
        statements: [statement({ statement: 'SELECT 1; -- | `x` | <script> @octocat #1', locks: { 'public."a|b`<b>"': 'ShareLock' }, blocks: '<b>@octocat' })],
        reversible: false,
        differences: [{ object: 'comment `**@octocat**', before: '<img src=x>', after: null }],
      }),
    ], { notes: ['[x](https://example.com) @octocat'] });
    const text = proofMarkdown(evil, 20_000);
    expect(text).not.toMatch(/<(?:img|script|b>)/);
    expect(text).not.toMatch(/@octocat(?![^`\n]*`)/);
    expect(text.split('\n').filter((line) => line.startsWith('| 1 |')).every((line) => line.replace(/<code>.*?<\/code>/g, '').split('|').length === 8)).toBe(true);
  });
});

describe('a proof elsewhere', () => {
  it('is part of a review in Markdown and on a terminal', () => {
    const base = report({});
    const done = { ...base, verdict: { ...base.verdict, proof: BROKEN } };
    expect(renderMarkdown(done)).toContain('## Migrations, run on Postgres 18.6, embedded');
    expect(renderTerminal(done, { color: false })).toMatch(/Migrations, as they ran\n {2}- db\/migrations\/0002_plan\.up\.sql on Postgres 18\.6, embedded: down does not lead back/);
  });

  it('is a report for a person, and JSON for scripts', () => {
    const text = renderProof(proofReport([migrationProof({ statements: [HEAVY] })], { base: [{ path: 'db/1.sql', line: 4, statement: 'CREATE EXTENSION postgis', error: 'no such extension' }] }));
    expect(text).toMatch(/ {4}3 {2}heavy {2}ALTER TABLE users ALTER COLUMN id TYPE bigint \(3 ms\)\n {14}AccessExclusiveLock on public\.users\n {14}rewrites public\.users/);
    expect(text).toContain('=>  up, down, up: identical');
    expect(text).toContain('estimate, calibrated on one machine: 40 s–5 min at 50,000,000 rows (configuration)');
    expect(text).toContain('`CREATE EXTENSION postgis` (`db/1.sql:4`) ends with “no such extension”');
    expect(JSON.parse(renderProofJson(SOUND))).toEqual(SOUND);
  });
});
