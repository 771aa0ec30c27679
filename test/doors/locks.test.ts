import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/doors/cli.js', import.meta.url));

interface Statement {
  readonly path: string;
  readonly line: number;
  readonly statement: string;
  readonly direction: string;
  readonly locks: Record<string, string>;
  readonly rewrite: readonly string[];
  readonly scan: readonly string[];
  readonly class: string;
  readonly inTransaction: boolean;
  readonly error?: string;
  readonly notAnalysed?: string;
}

const FILES: Readonly<Record<string, string>> = {
  'db/migrations/0001_init.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text, org bigint);\nCREATE TABLE orgs (id bigint PRIMARY KEY);\n',
  'db/migrations/0002_email.up.sql': [
    'CREATE TABLE notes (id bigint PRIMARY KEY);',
    'CREATE INDEX notes_id ON notes (id);',
    'ALTER TABLE users',
    '  ALTER COLUMN email SET NOT NULL,',
    '  ADD COLUMN note text;',
    'ALTER TABLE users ADD FOREIGN KEY (org) REFERENCES orgs (id);',
    "UPDATE users SET note = '';",
    '',
  ].join('\n'),
  'db/migrations/0002_email.down.sql': 'ALTER TABLE users DROP COLUMN note;\nDROP TABLE notes;\n',
  'db/migrations/0003_index.sql': 'BEGIN;\nCREATE INDEX CONCURRENTLY users_email ON users (email);\nCOMMIT;\n',
  'db/migrations/0004_template.sql': 'ALTER TABLE users ADD COLUMN note {{ type }};\n',
};

describe('belay locks', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'belay-locks-'));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const belay = (...args: readonly string[]) => {
    const run = spawnSync(process.execPath, [CLI, 'locks', ...args], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', HOME: folder } });
    return { code: run.status, out: run.stdout, err: run.stderr };
  };
  const statements = (...args: readonly string[]): readonly Statement[] => (JSON.parse(belay(...args, '--format', 'json').out) as { readonly statements: readonly Statement[] }).statements;

  it('says of each statement what it newly locks on tables that were there before, and what it works on', () => {
    expect(statements('db/migrations/0002_email.up.sql', '--target', 'postgres@17')).toMatchObject([
      { line: 1, locks: {}, class: 'safe', direction: 'up' },
      { line: 2, locks: {}, class: 'safe' },
      { line: 3, endLine: 5, locks: { 'public.users': 'AccessExclusiveLock' }, scan: ['public.users'], rewrite: [], class: 'heavy', inTransaction: true },
      { line: 6, locks: { 'public.orgs': 'ShareRowExclusiveLock', 'public.users': 'ShareRowExclusiveLock' }, scan: ['public.orgs', 'public.users'], class: 'heavy' },
      { line: 7, locks: { 'public.users': 'RowExclusiveLock' }, scan: ['public.users'], class: 'heavy' },
    ]);
  });

  it('judges the down direction on what the up direction left', () => {
    expect(statements('db/migrations/0002_email.down.sql')).toMatchObject([
      { path: 'db/migrations/0002_email.down.sql', line: 1, direction: 'down', locks: { 'public.users': 'AccessExclusiveLock' }, class: 'brief' },
      { line: 2, direction: 'down', locks: { 'public.notes': 'AccessExclusiveLock' }, class: 'brief' },
    ]);
  });

  it('names the target, from the flag first', () => {
    expect(JSON.parse(belay('db/migrations/0001_init.sql', '--target', 'postgres@12', '--format', 'json').out)).toMatchObject({ schemaVersion: 1, target: 'postgres@12' });
    expect(belay('db/migrations').out).toMatch(/ statements on Postgres \d+/);
  });

  it('shows what the server refuses and what it could not analyse as what they are', () => {
    const refused = statements('db/migrations/0003_index.sql').find(({ line }) => line === 2);
    expect(refused).toMatchObject({ class: 'error', inTransaction: true, error: expect.stringContaining('transaction block') as unknown });
    const unknown = belay('db/migrations/0004_template.sql');
    expect(unknown).toMatchObject({ code: 0, out: expect.stringContaining('not analysed') as unknown, err: expect.stringContaining('0004_template.sql:1') as unknown });
    expect(belay('db/migrations/0004_template.sql', '--strict').code).toBe(3);
  });

  it('has no opinion: it succeeds whatever it finds', () => {
    expect(belay('db/migrations/0002_email.up.sql')).toMatchObject({ code: 0, err: '' });
  });

  it.each([
    [['db/migrations', '--target', 'oracle@19'], /expected an engine and its version, such as postgres@17/],
    [['db/migrations', '--target', 'mysql@8.4'], /locks of Postgres only/],
    [['nowhere'], /nowhere/],
    [[], /missing required argument/],
  ])('refuses %j with what to change', (args, reason) => {
    const run = belay(...args);
    expect(run.code).toBe(2);
    expect(run.err).toMatch(reason);
  });

  it('says so when nothing named is a migration', () => {
    writeFileSync(join(folder, 'notes.txt'), 'nothing');
    expect(belay('notes.txt')).toMatchObject({ code: 0, err: expect.stringContaining('no migration was found') as unknown });
  });
});
