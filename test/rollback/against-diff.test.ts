import { beforeAll, describe, expect, it } from '@jest/globals';
import { patchedChange } from '../../src/core/patched-change.js';
import { loadSql } from '../../src/languages/sql.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { holdAgainstDiff, type PlanValidity } from '../../src/rollback/against-diff.js';
import { diffNeeds } from '../../src/rollback/diff-needs.js';

beforeAll(async () => loadSql());

function hold(files: Readonly<Record<string, string>>, planText: string, ownText = planText, status: 'present' | 'vague' | 'missing' = 'present'): PlanValidity {
  const changes = Object.entries(files).map(([path, text]) => {
    const lines = text.split('\n');
    return patchedChange({ path, status: 'added', patch: `@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join('\n')}` }, null);
  });
  const sql = new Map(Object.entries(files).filter(([path]) => path.endsWith('.sql')));
  const plan = { status, score: 40, elements: [{ name: 'mechanism', points: 20, quote: '' }], quote: planText, lines: planText.split('\n') } as const;
  return holdAgainstDiff({ plan, planText, ownText, needs: diffNeeds(changes, sql.size === 0 ? [] : readMigrations(sql)) });
}

const up = (sql: string, down?: string): Readonly<Record<string, string>> => ({ 'db/migrations/0042_change.up.sql': sql, ...(down === undefined ? {} : { 'db/migrations/0042_change.down.sql': down }) });
const DROP = up('ALTER TABLE users DROP COLUMN plan;');
const DROP_DOWN = up('ALTER TABLE users DROP COLUMN plan;', 'ALTER TABLE users ADD COLUMN plan text;');
const RENAME = up('ALTER TABLE users RENAME COLUMN plan TO tier;');
const RENAME_DOWN = up('ALTER TABLE users RENAME COLUMN plan TO tier;', 'ALTER TABLE users RENAME COLUMN tier TO plan;');
const REWRITE = up("UPDATE users SET plan = 'free' WHERE plan = 'trial';");
const REWRITE_NOOP = up("UPDATE users SET plan = 'free' WHERE plan = 'trial';", 'SELECT 1;');
const STRICT = up('ALTER TABLE users ALTER COLUMN email SET NOT NULL;');
const STRICT_DOWN = up('ALTER TABLE users ALTER COLUMN email SET NOT NULL;', 'ALTER TABLE users ALTER COLUMN email DROP NOT NULL;');
const ENUM = up("ALTER TYPE state ADD VALUE 'held';");
const ADDITIVE = up('ALTER TABLE users ADD COLUMN tier text;');

describe('a plan that is no more than a revert', () => {
  const plain = [
    '`git revert -m 1` the merge commit and redeploy.',
    'Revert this pull request. No migration, no data, nothing else needs undoing.',
    '`kubectl rollout undo deploy/api --to-revision=41`',
    '`helm rollback api 41 --wait`, takes 2 minutes; @mona watches the error rate.',
    'Turn the flag `new_billing` off. There is no backup of the old values.',
    'A revert is fine here, the change is tiny.',
    'Fahren Sie `helm rollback api 41`; die vorherige Version läuft wieder.',
    '`git revert abc1234`; if the revert fails, we do not restore from a backup.',
  ];
  it.each(plain)('is none where something is dropped, renamed or rewritten: %s', (text) => {
    for (const files of [DROP, RENAME, REWRITE, up('DROP TABLE carts;'), up('TRUNCATE carts;'), up('DELETE FROM carts;'), up('DROP VIEW report;')]) {
      const { valid, gaps } = hold(files, text);
      expect(valid).toBe(false);
      expect(gaps[0]?.sentence).toMatch(/users|carts|report/);
    }
  });
  it.each(plain)('does not stand where the old code meets what is stricter: %s', (text) => {
    for (const files of [STRICT, ENUM, up('CREATE UNIQUE INDEX u ON users (email);')]) expect(hold(files, text).valid).toBe(false);
  });
  it.each(plain)('is one where nothing is lost: %s', (text) => {
    for (const files of [ADDITIVE, up('CREATE TABLE notes (id int);'), up('CREATE INDEX CONCURRENTLY u ON users (email);')]) expect(hold(files, text).valid).toBe(true);
  });
});

describe('a plan that says more', () => {
  it.each([
    [DROP, 'Restore `users.plan` from `users_plan_backup_20261120`, then `git revert abc1234`.', true],
    [DROP, 'The old values were copied to users_plan_saved; `UPDATE users SET plan = s.plan FROM users_plan_saved s WHERE s.id = users.id;` after adding the column again.', true],
    [DROP, 'Point-in-time restore to 14:05 UTC, then helm rollback api 41.', true],
    [DROP, 'The code stopped reading `plan` in v3.1 (released two weeks ago). Rollback floor: v3.1. `helm rollback api 41`.', true],
    [DROP, '`rails db:rollback` and redeploy v3.0.', false],
    [DROP_DOWN, '`migrate -path db down 1`, then redeploy v3.0.', false],
    [DROP_DOWN, 'The column was empty for every user: `migrate -path db down 1` brings it back, then redeploy v3.0.', true],
    [up('CREATE TABLE users_plan_copy AS SELECT id, plan FROM users; ALTER TABLE users DROP COLUMN plan;'), 'Add the column again and refill it from `users_plan_copy`, then revert.', true],
    [RENAME, '`ALTER TABLE users RENAME COLUMN tier TO plan;` then `helm rollback api 41`.', true],
    [RENAME_DOWN, '`migrate -path db down 1`, then `helm rollback api 41`.', true],
    [RENAME, '`migrate -path db down 1`, then `helm rollback api 41`.', false],
    [REWRITE, "`UPDATE users SET plan = 'trial' WHERE id IN (SELECT id FROM fixed_20261120);`", true],
    [REWRITE, 'Run `scripts/undo_free_plan.sql`, then revert.', true],
    [REWRITE_NOOP, '`alembic downgrade -1`, then redeploy.', false],
    [STRICT_DOWN, '`migrate -path db down 1` first, then `helm rollback api 41`.', true],
    [STRICT, '`ALTER TABLE users ALTER COLUMN email DROP NOT NULL;` and then `helm rollback api 41`.', true],
    [STRICT, 'The previous release already writes email on every insert, so `helm rollback api 41` is enough.', true],
    [ENUM, 'Flag off, `UPDATE orders SET state = \'open\' WHERE state = \'held\'`; the value itself stays.', true],
    [up("ALTER TABLE users ADD COLUMN tier text; UPDATE users SET tier = 'free';"), 'The column can stay, the old code ignores it: `helm rollback api 41`.', true],
    [up("ALTER TABLE users ADD COLUMN tier text; UPDATE users SET tier = 'free';"), '`helm rollback api 41`.', false],
  ] as const)('%#: %s %s', (files, text, expected) => {
    expect(hold(files, text).valid).toBe(expected);
  });

  it('may say elsewhere that nobody used what is dropped', () => {
    expect(hold(DROP, '`helm rollback api 41`', 'The column has not been read since v2.9, which is out for a month.\n`helm rollback api 41`').valid).toBe(true);
  });

  it('quotes the author who says that there is no migration', () => {
    expect(hold(DROP, 'Just revert it. No schema changes.').denied).toBe('No schema changes');
    expect(hold(ADDITIVE, 'Just revert it. No data is touched.').denied).toBe(null);
  });
});

describe('no plan', () => {
  it('is neither valid nor not', () => {
    expect(hold(DROP, '', '', 'missing').valid).toBe(null);
    expect(hold(ADDITIVE, '', '', 'missing').valid).toBe(null);
    expect(hold({ 'src/a.ts': 'export {};' }, 'git revert abc1234').valid).toBe(null);
  });
  it('does not take a backup that nobody names for a source where the plan is vague', () => {
    expect(hold(DROP, 'We would restore from the backup.', undefined, 'vague').valid).toBe(false);
  });
});

describe('a diff that was seen whole and needs nothing more', () => {
  const plan = (status: 'present' | 'vague' | 'placeholder', mechanism: boolean) => ({ status, score: 20, elements: mechanism ? [{ name: 'mechanism' as const, points: 20, quote: '' }] : [], quote: '', lines: [] });
  const held = (status: 'present' | 'vague' | 'placeholder', mechanism: boolean, plainDiff: boolean) => holdAgainstDiff({ plan: plan(status, mechanism), planText: '', ownText: '', needs: [], plainDiff }).valid;

  it('is undone by any plan that names a way; nothing is said of what was not shown', () => {
    expect([held('present', true, true), held('vague', true, true), held('vague', false, true), held('placeholder', false, true), held('present', true, false)]).toEqual([true, true, null, null, null]);
  });
});
